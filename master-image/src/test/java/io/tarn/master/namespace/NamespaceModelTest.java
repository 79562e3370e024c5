package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.leader.JournalReplay;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.Table;
import io.tarn.master.state.rocks.RocksStateStore;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on owned and mounted directories, against a model, with restarts between them. A failure names its seed. */
class NamespaceModelTest {
    private static final List<String> MOUNTS = List.of("/m", "/o", "/m/n");
    private static final int STEPS = 600;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void behavesAsTheModelWhereAllIsReplayed(long seed) throws TarnException {
        run(seed, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void behavesAsTheModelOnDisk(long seed) throws TarnException {
        run(seed, true);
    }

    private void run(long seed, boolean onDisk) throws TarnException {
        Random random = new Random(seed);
        ManualClock clock = new ManualClock();
        MemoryStores stores = new MemoryStores(clock::millis);
        InMemoryJournal journal = new InMemoryJournal();
        StateStore store = open(onDisk);
        NamespaceHarness harness = new NamespaceHarness(journal, store, stores, clock);
        harness.mount("/m", "memory://a/");
        harness.mount("/o", "object://b/");
        harness.mount("/m/n", "memory://c/");
        TreeModel model = new TreeModel(MOUNTS);
        for (int step = 0; step < STEPS; step++) {
            clock.advance(Duration.ofMillis(random.nextInt(100) == 0 ? 100_000 : 7));
            String what = "seed " + seed + ", step " + step;
            if (step == STEPS / 4) {
                harness.setQuota("/", 100_000, -1);
            }
            applyOne(harness, model, random, what);
            if (random.nextInt(60) == 0) {
                assertEquals(model.entries(), tree(harness), what);
                harness.close();
                if (onDisk) {
                    store.close();
                }
                store = open(onDisk);
                harness = new NamespaceHarness(journal, store, stores, clock);
                assertEquals(model.entries(), tree(harness), what + ", after a restart");
            }
        }
        assertEquals(model.entries(), tree(harness), "seed " + seed);
        UsageCheck.assertExact(store, "seed " + seed);
        harness.close();
        InMemoryStateStore replayed = new InMemoryStateStore();
        new JournalReplay<>(journal, replayed, new RecordCodec()).run();
        assertEquals(dump(store), dump(replayed), "replay is deterministic");
        store.close();
    }

    private StateStore open(boolean onDisk) throws TarnException {
        return onDisk
                ? RocksStateStore.open(directory.resolve("state"), StateConfig.DEFAULT)
                : new InMemoryStateStore();
    }

    private static void applyOne(NamespaceHarness harness, TreeModel model, Random random, String what) {
        String path = path(random);
        boolean flag = random.nextBoolean();
        int length = random.nextInt(1000);
        switch (random.nextInt(6)) {
            case 0 -> check(model.mkdir(path, flag), () -> harness.mkdir(path, flag, 0755), what + ": mkdir " + path);
            case 1, 2 -> check(model.write(path, length), () -> harness.write(path, length), what + ": write " + path);
            case 3 -> check(model.delete(path, flag), () -> harness.delete(path, flag), what + ": delete " + path);
            case 4 -> {
                String target = path(random);
                check(
                        model.rename(path, target, flag),
                        () -> harness.rename(path, target, flag),
                        what + ": rename " + path + " to " + target);
            }
            default -> check(model.entries().containsKey(path), () -> harness.status(path), what + ": status " + path);
        }
    }

    private static void check(boolean expected, NamespaceHarness.Attempt attempt, String what) {
        TarnException failure = null;
        try {
            attempt.run();
        } catch (TarnException e) {
            failure = e;
        }
        assertEquals(expected, failure == null, what + (failure == null ? "" : " (" + failure.getMessage() + ")"));
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder(List.of("", "/m", "/o", "/m/n").get(random.nextInt(4)));
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            path.append('/').append("abc".charAt(random.nextInt(3)));
        }
        return path.toString();
    }

    private static Map<String, Integer> tree(NamespaceHarness harness) throws TarnException {
        Map<String, Integer> tree = new TreeMap<>();
        for (FileStatus status : harness.list("/", true)) {
            boolean isDirectory = status.getType() == FileType.DIRECTORY;
            tree.put(status.getPath(), isDirectory ? -1 : (int) status.getLengthBytes());
        }
        return tree;
    }

    private static Map<String, String> dump(StateReader state) {
        Map<String, String> rows = new TreeMap<>();
        for (Table table : Table.values()) {
            if (table.journaled()) {
                try (StateReader.Cursor cursor = state.scan(table, new byte[0], null)) {
                    while (cursor.next()) {
                        HexFormat hex = HexFormat.of();
                        rows.put(table + " " + hex.formatHex(cursor.key()), hex.formatHex(cursor.value()));
                    }
                }
            }
        }
        return rows;
    }
}
