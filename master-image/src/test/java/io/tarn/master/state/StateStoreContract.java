package io.tarn.master.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StateStore} must do. */
@Timeout(60)
public abstract class StateStoreContract {
    @TempDir
    protected Path directory;

    protected StateStore store;

    /** A new, empty store. */
    protected abstract StateStore open() throws Exception;

    /** A store as {@code store} would be found after a crash now; {@code store} is not used any more but for closing it. */
    protected abstract StateStore crash(StateStore store) throws Exception;

    /** A store made from a checkpoint of {@code store}, which stays open. */
    protected abstract StateStore restore(Path checkpoint) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void putsAndDeletes() {
        assertEquals(0, store.appliedSequence());
        assertNull(get(store, Table.INODE, "a"));
        commit(1, "a=1", "b=2");
        assertEquals("1", get(store, Table.INODE, "a"));
        assertNull(get(store, Table.EDGE, "a"), "tables are apart");
        commit(2, "a", "b=3", "c=4");
        assertNull(get(store, Table.INODE, "a"));
        assertEquals("3", get(store, Table.INODE, "b"));
        assertEquals("4", get(store, Table.INODE, "c"));
        assertEquals(2, store.appliedSequence());
    }

    @Test
    void refusesBatchesOutOfOrder() {
        commit(1, "a=1");
        assertThrows(IllegalStateException.class, () -> commit(1, "a=2"));
        assertThrows(IllegalStateException.class, () -> commit(3, "a=2"));
        assertEquals("1", get(store, Table.INODE, "a"));
    }

    @Test
    void keepsJournaledTablesAndTheMirrorApart() {
        Changes mirror = new Changes();
        mirror.put(Table.MIRROR, bytes("m"), bytes("1"));
        assertThrows(IllegalStateException.class, () -> store.commit(1, mirror));
        Changes inode = new Changes();
        inode.put(Table.INODE, bytes("i"), bytes("1"));
        assertThrows(IllegalStateException.class, () -> store.cache(inode));
        store.cache(mirror);
        assertEquals("1", get(store, Table.MIRROR, "m"));
        assertEquals(0, store.appliedSequence(), "the mirror is not counted");
    }

    @Test
    void theMirrorIsForgottenWholeAndNothingElseIs() {
        commit(1, "a=1");
        Changes mirror = new Changes();
        for (int i = 0; i < 1_000; i++) {
            mirror.put(Table.MIRROR, new byte[] {(byte) (i >> 8), (byte) i}, bytes("1"));
        }
        store.cache(mirror);
        store.forgetMirror();
        try (StateReader.Cursor cursor = store.scan(Table.MIRROR, new byte[0], null)) {
            assertFalse(cursor.next());
        }
        assertEquals("1", get(store, Table.INODE, "a"));
        Changes again = new Changes();
        again.put(Table.MIRROR, bytes("m"), bytes("2"));
        store.cache(again);
        assertEquals("2", get(store, Table.MIRROR, "m"));
    }

    @Test
    void emptyValuesAreValues() {
        commit(1, "a=");
        assertEquals("", get(store, Table.INODE, "a"));
        assertEquals(List.of("a="), scan(store, "", null));
    }

    @Test
    void scansPrefixesInUnsignedOrder() {
        commit(1, "a=1", "aa=2", "ab=3", "b=4", "a\u00ff=5", "\u00ff=6");
        assertEquals(List.of("a=1", "aa=2", "ab=3", "a\u00ff=5"), scan(store, "a", null));
        assertEquals(List.of("ab=3", "a\u00ff=5"), scan(store, "a", "aa"));
        assertEquals(
                List.of("a=1", "aa=2", "ab=3", "a\u00ff=5"), scan(store, "a", "A"), "after lies before the prefix");
        assertEquals(List.of(), scan(store, "a", "b"), "after lies behind the prefix");
        assertEquals(6, scan(store, "", null).size());
        assertEquals(List.of(), scan(store, "x", null));
    }

    @Test
    void scansKeysOfAllOnes() {
        byte[] ones = {-1, -1};
        Changes changes = new Changes();
        changes.put(Table.EDGE, ones, bytes("1"));
        changes.put(Table.EDGE, new byte[] {-1, -1, 0}, bytes("2"));
        changes.put(Table.EDGE, new byte[] {-1, -2}, bytes("3"));
        store.commit(1, changes);
        try (StateReader.Cursor cursor = store.scan(Table.EDGE, ones, null)) {
            assertTrue(cursor.next());
            assertArrayEquals(ones, cursor.key());
            assertTrue(cursor.next());
            assertEquals("2", text(cursor.value()));
            assertTrue(!cursor.next());
        }
    }

    @Test
    void aScanSeesTheStateAtItsBeginning() {
        String[] many = new String[1_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = String.format("%04d=before", i);
        }
        commit(1, many);
        try (StateReader.Cursor cursor = store.scan(Table.INODE, new byte[0], null)) {
            assertTrue(cursor.next());
            commit(2, "0500", "0501=after", "0501x=after");
            int count = 1;
            while (cursor.next()) {
                assertEquals("before", text(cursor.value()));
                count++;
            }
            assertEquals(1_000, count);
        }
        assertEquals(1_000, scan(store, "", null).size());
    }

    @Test
    void theReadLockHoldsUpCommits() throws Exception {
        commit(1, "a=1", "b=1");
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread writer = new Thread(() -> commit(2, "a=2", "b=2"));
        writer.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        store.readLock().lock();
        try {
            assertEquals("1", get(store, Table.INODE, "a"));
            writer.start();
            while (writer.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertEquals("1", get(store, Table.INODE, "b"), "reentrant although a writer waits");
        } finally {
            store.readLock().unlock();
        }
        writer.join();
        assertNull(failure.get());
        assertEquals("2", get(store, Table.INODE, "b"));
    }

    @Test
    void aCommitUnderTheReadLockIsADefect() {
        store.readLock().lock();
        try {
            assertThrows(IllegalStateException.class, () -> commit(1, "a=1"));
        } finally {
            store.readLock().unlock();
        }
    }

    @Test
    void readersNeverSeeHalfACommit() throws Exception {
        commit(1, "x=0", "y=0");
        AtomicReference<@Nullable String> torn = new AtomicReference<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                store.readLock().lock();
                try {
                    String x = get(store, Table.INODE, "x");
                    String y = get(store, Table.INODE, "y");
                    List<String> scanned = scan(store, "", null);
                    if (!String.valueOf(x).equals(y) || !scanned.equals(List.of("x=" + x, "y=" + x))) {
                        torn.set(x + " " + y + " " + scanned);
                    }
                } finally {
                    store.readLock().unlock();
                }
            }
        });
        for (int i = 2; i < 2_000; i++) {
            commit(i, "x=" + i, "y=" + i);
            assertEquals(String.valueOf(i), get(store, Table.INODE, "x"), "a commit is seen once it returns");
        }
        reader.interrupt();
        reader.join();
        assertNull(torn.get());
    }

    @Test
    void aCrashLeavesExactlyTheDurableState() throws Exception {
        commit(1, "a=1");
        store.flush();
        assertEquals(1, store.durableSequence());
        commit(2, "a=2", "b=2");
        assertEquals(1, store.durableSequence());
        StateStore crashed = crash(store);
        store.close();
        store = crashed;
        assertEquals(1, store.appliedSequence());
        assertEquals(1, store.durableSequence());
        assertEquals(List.of("a=1"), scan(store, "", null));
        commit(2, "a=2");
        assertEquals("2", get(store, Table.INODE, "a"));
    }

    @Test
    void aCheckpointHoldsTheStateOfItsSequence() throws Exception {
        commit(1, "a=1");
        Path checkpoint = directory.resolve("checkpoint");
        assertEquals(1, store.checkpoint(checkpoint));
        commit(2, "a=2", "b=2");
        store.flush();
        try (StateStore restored = restore(checkpoint)) {
            assertEquals(1, restored.appliedSequence());
            assertEquals(List.of("a=1"), scan(restored, "", null));
        }
        assertEquals("2", get(store, Table.INODE, "b"));
    }

    @Test
    void agreesWithAModelOnRandomChanges() throws Exception {
        Random random = new Random(42);
        TreeMap<String, String> model = new TreeMap<>();
        for (int sequence = 1; sequence <= 300; sequence++) {
            String[] changes = new String[random.nextInt(20)];
            for (int i = 0; i < changes.length; i++) {
                String key = "k" + random.nextInt(200);
                changes[i] = random.nextInt(3) == 0 ? key : key + "=" + random.nextInt();
            }
            commit(sequence, changes);
            for (String change : changes) {
                apply(model, change);
            }
            if (sequence % 50 == 0) {
                store.flush();
            }
            String prefix = "k" + random.nextInt(20);
            List<String> expected = new ArrayList<>();
            for (Map.Entry<String, String> entry : model.tailMap(prefix).entrySet()) {
                if (entry.getKey().startsWith(prefix)) {
                    expected.add(entry.getKey() + "=" + entry.getValue());
                }
            }
            assertEquals(expected, scan(store, prefix, null), "after batch " + sequence);
            String key = "k" + random.nextInt(200);
            assertEquals(model.get(key), get(store, Table.INODE, key), "after batch " + sequence);
        }
        assertTrue(store.estimatedEntries(Table.INODE) > 0);
    }

    private static void apply(Map<String, String> model, String change) {
        int equals = change.indexOf('=');
        if (equals < 0) {
            model.remove(change);
        } else {
            model.put(change.substring(0, equals), change.substring(equals + 1));
        }
    }

    /** Each change is "key=value" or, to delete, "key"; a later one of the same key wins. */
    protected void commit(long sequence, String... changes) {
        Changes all = new Changes();
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals < 0) {
                all.delete(Table.INODE, bytes(change));
            } else {
                all.put(Table.INODE, bytes(change.substring(0, equals)), bytes(change.substring(equals + 1)));
            }
        }
        store.commit(sequence, all);
    }

    protected static @Nullable String get(StateReader state, Table table, String key) {
        byte[] value = state.get(table, bytes(key));
        return value == null ? null : text(value);
    }

    protected static List<String> scan(StateReader state, String prefix, @Nullable String after) {
        List<String> entries = new ArrayList<>();
        try (StateReader.Cursor cursor = state.scan(Table.INODE, bytes(prefix), after == null ? null : bytes(after))) {
            while (cursor.next()) {
                entries.add(text(cursor.key()) + "=" + text(cursor.value()));
            }
        }
        return entries;
    }

    /** One byte a character, so that U+00FF is the byte 0xFF. */
    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    protected static String text(byte[] bytes) {
        return new String(Arrays.copyOf(bytes, bytes.length), StandardCharsets.ISO_8859_1);
    }
}
