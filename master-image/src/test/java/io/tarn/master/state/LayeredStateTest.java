package io.tarn.master.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LayeredStateTest {
    private final InMemoryStateStore base = new InMemoryStateStore();
    private final LayeredState state = new LayeredState(base);

    @Test
    void newerLayersWinAndDeletesHide() {
        commit(1, "a=0", "b=0", "c=0");
        push("a=1", "b");
        push("c", "d=2");
        assertEquals("1", get("a"));
        assertNull(get("b"));
        assertNull(get("c"));
        assertEquals("2", get("d"));
        assertEquals(List.of("a=1", "d=2"), scan("", null));
        state.pop();
        assertEquals(List.of("a=1", "c=0"), scan("", null));
        state.clear();
        assertEquals(List.of("a=0", "b=0", "c=0"), scan("", null));
    }

    @Test
    void theSameBeforeAndAfterTheOldestIsApplied() {
        commit(1, "a=0", "b=0");
        Changes oldest = push("a=1", "b");
        push("b=2");
        List<String> before = scan("", null);
        base.commit(2, oldest);
        assertEquals(before, scan("", null));
        state.removeOldest();
        assertEquals(before, scan("", null));
    }

    @Test
    void mayBeWrittenDuringAScan() {
        commit(1, "a=0", "b=0", "c=0", "d=0");
        push();
        List<String> seen = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.INODE, new byte[0], null)) {
            while (cursor.next()) {
                seen.add(text(cursor.key()));
                state.delete(Table.INODE, cursor.key());
                if (text(cursor.key()).equals("b")) {
                    state.delete(Table.INODE, bytes("c"));
                    state.put(Table.INODE, bytes("cc"), bytes("1"));
                }
            }
        }
        assertEquals(List.of("a", "b", "cc", "d"), seen);
        assertEquals(List.of(), scan("", null));
    }

    @Test
    void agreesWithOneStoreThatHasItAll() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            InMemoryStateStore lower = new InMemoryStateStore();
            InMemoryStateStore flat = new InMemoryStateStore();
            LayeredState layered = new LayeredState(lower);
            for (int layer = 0; layer < 4; layer++) {
                Changes changes = new Changes();
                for (int i = random.nextInt(30); i > 0; i--) {
                    byte[] key = bytes("k" + random.nextInt(40));
                    if (random.nextBoolean()) {
                        changes.put(Table.INODE, key, bytes("v" + random.nextInt()));
                    } else {
                        changes.delete(Table.INODE, key);
                    }
                }
                flat.commit(layer + 1, changes);
                if (layer == 0) {
                    lower.commit(1, changes);
                } else {
                    layered.push(changes);
                }
            }
            String prefix = random.nextBoolean() ? "k" : "k" + random.nextInt(4);
            String after = random.nextBoolean() ? null : "k" + random.nextInt(40);
            assertEquals(scan(flat, prefix, after), scan(layered, prefix, after), "round " + round);
        }
    }

    private Changes push(String... changes) {
        Changes layer = changes(changes);
        state.push(layer);
        return layer;
    }

    private void commit(long sequence, String... changes) {
        base.commit(sequence, changes(changes));
    }

    private static Changes changes(String... changes) {
        Changes all = new Changes();
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals < 0) {
                all.delete(Table.INODE, bytes(change));
            } else {
                all.put(Table.INODE, bytes(change.substring(0, equals)), bytes(change.substring(equals + 1)));
            }
        }
        return all;
    }

    private @Nullable String get(String key) {
        byte[] value = state.get(Table.INODE, bytes(key));
        return value == null ? null : text(value);
    }

    private List<String> scan(String prefix, @Nullable String after) {
        return scan(state, prefix, after);
    }

    private static List<String> scan(StateReader state, String prefix, @Nullable String after) {
        return StateStoreContract.scan(state, prefix, after);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
