package io.tarn.master.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileType;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.StoreCall;
import io.tarn.understore.StoreStatus;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of {@link AsyncModelTest}. */
final class AsyncModelRun {
    private static final Map<String, String> MOUNTS = Map.of("/m", "memory://a/", "/o", "object://b/");
    private static final int STEPS = 250;
    /** Longer than a run: what the mirror gets wrong stays wrong. */
    private static final long SYNC_MILLIS = Duration.ofDays(1).toMillis();

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private final FakeWorkers workers = new FakeWorkers();
    private TreeModel model = new TreeModel(List.copyOf(MOUNTS.keySet()));
    private final Random random;
    private final long seed;
    private final PersistingWorker worker;
    private DyingJournal dying;
    private InMemoryStateStore store;
    private volatile NamespaceHarness harness;
    private final Thread reader;
    private volatile boolean over;
    private String what = "";

    AsyncModelRun(long seed) throws TarnException {
        this.seed = seed;
        random = new Random(seed);
        dying = new DyingJournal(journal);
        store = new InMemoryStateStore();
        harness = new NamespaceHarness(dying, store, stores, clock, Map.of(), workers);
        worker = new PersistingWorker(harness, stores, seed, 0.03);
        reader = Thread.ofPlatform().daemon().name("reader").start(this::lookAround);
    }

    /** Fills the mirror at any moment: a look that began before a change must not outlast it. */
    private void lookAround() {
        while (!over) {
            try {
                var unused = tree();
            } catch (TarnException | RuntimeException e) {
                Thread.onSpinWait(); // this master is stopping, or what was listed went meanwhile
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    void run() throws TarnException {
        try {
            runSteps();
        } finally {
            over = true;
            worker.close();
            harness.close();
        }
    }

    private void runSteps() throws TarnException {
        for (Map.Entry<String, String> mount : MOUNTS.entrySet()) {
            harness.mount(
                    mount.getKey(),
                    mount.getValue(),
                    MountOptions.newBuilder().setSyncIntervalMillis(SYNC_MILLIS).setWriteType(WriteType.ASYNC_THROUGH));
        }
        int firstQuota = random.nextInt(STEPS / 2);
        for (int step = 0; step < STEPS; step++) {
            what = "seed " + seed + ", step " + step;
            clock.advance(Duration.ofMillis(random.nextInt(10) == 0 ? 3_000 : 7));
            injectFault();
            if (step == firstQuota) {
                harness.setQuota("/m", 1_000, -1);
            }
            applyOne(step);
            if (random.nextInt(3) == 0) {
                harness.namespace.runBackground();
            }
            if (random.nextInt(40) == 0) {
                assertEquals(model.entries(), tree(), what);
                checkUsage();
            }
            if (random.nextInt(100) == 0) {
                quiesce();
            }
        }
        quiesce();
    }

    private void injectFault() {
        if (random.nextInt(25) != 0) {
            return;
        }
        var faults = stores.store(List.copyOf(MOUNTS.values()).get(random.nextInt(2)))
                .faults();
        if (random.nextBoolean()) {
            faults.fail(StoreCall.COMMIT, 1, new TarnException(ErrorCode.STORE_UNAVAILABLE, "away"));
        } else {
            faults.loseCommitAnswers(1);
        }
    }

    private void clearFaults() {
        MOUNTS.values().forEach(uri -> stores.store(uri).faults().clear());
    }

    private interface Change {
        void run() throws TarnException;
    }

    private interface Expectation {
        boolean on(TreeModel model);
    }

    private void applyOne(int step) throws TarnException {
        String path = path();
        boolean flag = random.nextBoolean();
        int length = random.nextInt(6) == 0 ? 0 : step + 1;
        switch (random.nextInt(9)) {
            case 0 -> change("mkdir " + path, m -> m.mkdir(path, flag), () -> harness.mkdir(path, flag, 0755));
            case 1, 2, 3 -> change("write " + path, m -> m.write(path, length), () -> harness.write(path, length));
            case 4 -> change("delete " + path, m -> m.delete(path, flag), () -> harness.delete(path, flag));
            case 8 -> {
                clearFaults();
                change("write through " + path, m -> m.write(path, length), () -> harness.writeThrough(path, length));
            }
            case 5, 6 -> {
                String target = path();
                change(
                        "rename " + path + " to " + target,
                        m -> m.rename(path, target, flag),
                        () -> harness.rename(path, target, flag));
            }
            default -> change("append to " + path, m -> m.append(path, length), () -> append(path, length));
        }
    }

    private void append(String path, int lengthBytes) throws TarnException {
        CreateResponse created = harness.append(path);
        harness.complete(created, (int) created.getBaseLengthBytes() + lengthBytes);
    }

    /** Applies a change, at times with a master that dies in the middle of it: then it has happened, or it has not. */
    private void change(String doing, Expectation expected, Change change) throws TarnException {
        what += ": " + doing;
        TreeModel after = model.copy();
        boolean possible = expected.on(after);
        if (random.nextInt(20) == 0) {
            dying.dieAfter(random.nextInt(5));
        }
        TarnException failure = attempt(change);
        for (int i = 0; i < 5 && failure != null && failure.code() == ErrorCode.BUSY; i++) {
            clock.advance(Duration.ofSeconds(5));
            failure = attempt(change);
        }
        if (failure == null || !dying.isDead()) {
            assertEquals(
                    possible,
                    failure == null,
                    what
                            + (failure == null
                                    ? ""
                                    : " (" + failure.getMessage() + "; " + rows() + ", the worker: " + worker.end()
                                            + ")"));
            model = possible ? after : model;
        }
        if (dying.isDead() || random.nextInt(60) == 0) {
            restart();
            Map<String, Integer> now = tree();
            if (failure != null && possible && now.equals(after.entries())) {
                model = after;
            }
            assertEquals(
                    model.entries(), now, what + ", after a restart" + (failure == null ? "" : " (" + failure + ")"));
            checkUsage();
        }
        dying.dieAfter(Integer.MAX_VALUE);
    }

    /** From the first quota on. */
    private void checkUsage() {
        Lock lock = store.readLock();
        lock.lock();
        try {
            if (new NamespaceView(store).countedThrough() != 0) {
                UsageCheck.assertExact(store, what);
            }
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable TarnException attempt(Change change) {
        try {
            change.run();
            return null;
        } catch (TarnException e) {
            return e;
        }
    }

    private void open() throws TarnException {
        dying = new DyingJournal(journal);
        store = new InMemoryStateStore();
        harness = new NamespaceHarness(dying, store, stores, clock, Map.of(), workers);
    }

    private void restart() throws TarnException {
        harness.close();
        open();
        worker.follow(harness);
        var unused = tree(); // what is half done shows for a moment, and has to be forgotten again
        clock.advance(Duration.ofSeconds(61));
        await(() -> runBackground() && harness.namespace.isRecovered() && isEmpty(Table.PENDING), "recovered");
    }

    /** Lets all be persisted, and compares the stores with the namespace. */
    private void quiesce() throws TarnException {
        clearFaults();
        await(
                () -> {
                    clock.advance(Duration.ofMillis(500));
                    return runBackground()
                            && List.of(
                                            Table.UNPERSISTED,
                                            Table.PERSISTING,
                                            Table.TOMBSTONE,
                                            Table.INTENT,
                                            Table.COPIED,
                                            Table.PENDING)
                                    .stream()
                                    .allMatch(this::isEmpty);
                },
                "quiet");
        assertEquals(model.entries(), tree(), what + ", all persisted");
        checkUsage();
        for (Map.Entry<String, String> mount : MOUNTS.entrySet()) {
            Map<String, Integer> held = new TreeMap<>();
            for (Iterator<StoreStatus> entries = stores.store(mount.getValue()).listRecursive("");
                    entries.hasNext(); ) {
                StoreStatus entry = entries.next();
                held.put(mount.getKey() + "/" + entry.path(), entry.directory() ? -1 : (int) entry.lengthBytes());
            }
            Map<String, Integer> wanted = new TreeMap<>(model.entries());
            wanted.keySet().removeIf(path -> !path.startsWith(mount.getKey() + "/"));
            assertEquals(wanted, held, what + ": the store of " + mount.getKey());
        }
    }

    private boolean runBackground() {
        try {
            harness.namespace.runBackground();
            return true;
        } catch (TarnException e) {
            return false;
        }
    }

    private boolean isEmpty(Table table) {
        try (StateReader.Cursor cursor = store.scan(table, Keys.ALL, null)) {
            return !cursor.next();
        }
    }

    private void await(BooleanSupplier condition, String state) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> what + ": not " + state + " in time: " + rows() + ", the worker: " + worker.end());
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What is left in the tables that should become empty. */
    private String rows() {
        StringBuilder rows = new StringBuilder();
        for (Table table : Table.values()) {
            if (table.journaled() && table != Table.META && table != Table.CALL) {
                int count = 0;
                try (StateReader.Cursor cursor = store.scan(table, Keys.ALL, null)) {
                    while (cursor.next()) {
                        count++;
                    }
                }
                rows.append(table).append(' ').append(count).append(' ');
            }
        }
        return rows.toString();
    }

    private String path() {
        StringBuilder path = new StringBuilder(random.nextBoolean() ? "/m" : "/o");
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            path.append('/').append("abc".charAt(random.nextInt(3)));
        }
        return path.toString();
    }

    private Map<String, Integer> tree() throws TarnException {
        Map<String, Integer> tree = new TreeMap<>();
        for (FileStatus status : harness.list("/", true)) {
            boolean isDirectory = status.getType() == FileType.DIRECTORY;
            tree.put(status.getPath(), isDirectory ? -1 : (int) status.getLengthBytes());
        }
        return tree;
    }
}
