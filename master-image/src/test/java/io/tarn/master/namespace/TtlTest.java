package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.record.Keys;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.SetAttributesRequest;
import io.tarn.protocol.v1.WriteType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Times to live: whose is over, and what becomes of it. */
class TtlTest {
    private static final String STORE = "object://bucket/";

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private InMemoryStateStore state = new InMemoryStateStore();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(journal, state, stores, clock);
        harness.mkdir("/d/e");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void setTtl(String path, String ttl) throws TarnException {
        harness.set(
                SetAttributesRequest.newBuilder().putSetExtendedAttributes("tarn.ttl", ByteString.copyFromUtf8(ttl)),
                path);
    }

    private void after(Duration duration) throws TarnException {
        clock.advance(duration);
        harness.namespace.runBackground();
        clock.advance(Duration.ofMinutes(11));
        harness.namespace.runBackground();
    }

    private void mount(WriteType type) throws TarnException {
        harness.mount(
                "/m",
                STORE,
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(type));
    }

    private boolean isEmpty(Table table) {
        try (StateReader.Cursor cursor = state.scan(table, Keys.ALL, null)) {
            return !cursor.next();
        }
    }

    @Test
    void theNearestDirectoryDecidesByTheTimeOfTheLastChange() throws TarnException {
        setTtl("/d", "2h delete");
        harness.write("/d/old", 1);
        harness.write("/d/own", 1);
        setTtl("/d/own", "30d delete");
        harness.write("/d/e/nearer", 1);
        setTtl("/d/e", "1d delete");
        harness.write("/kept", 1);
        clock.advance(Duration.ofHours(1));
        harness.write("/d/young", 1);
        harness.mkdir("/d/f/g");
        harness.write("/d/f/g/deep", 1);
        after(Duration.ofMinutes(65));
        assertEquals(List.of("e", "f", "own", "young"), harness.names("/d"));
        after(Duration.ofHours(2));
        assertEquals(List.of("e", "f", "own"), harness.names("/d"));
        assertEquals(List.of(), harness.names("/d/f/g"), "directories stay");
        assertEquals(List.of("nearer"), harness.names("/d/e"));
        after(Duration.ofDays(1));
        assertEquals(List.of(), harness.names("/d/e"));
        after(Duration.ofDays(30));
        assertEquals(List.of("e", "f"), harness.names("/d"));
        assertEquals(List.of("d", "kept"), harness.names("/"));
    }

    @Test
    void itIsUnsetAndSurvivesRestartsAndRenames() throws TarnException {
        harness.write("/d/one", 1);
        harness.write("/d/two", 1);
        setTtl("/d/one", "1d delete");
        setTtl("/d/two", "1d delete");
        harness.rename("/d/one", "/d/e/one", false);
        harness.set(SetAttributesRequest.newBuilder().addRemoveExtendedAttributes("tarn.ttl"), "/d/two");
        harness.close();
        state = new InMemoryStateStore();
        harness = new NamespaceHarness(journal, state, stores, clock);
        after(Duration.ofDays(2));
        assertEquals(List.of(), harness.names("/d/e"));
        assertEquals(List.of("e", "two"), harness.names("/d"));
        assertTrue(isEmpty(Table.TTL));
        setTtl("/d", "1d delete");
        harness.delete("/d", true);
        assertTrue(isEmpty(Table.TTL));
    }

    @Test
    void filesOfAStoreAreDeletedThereToo() throws TarnException {
        mount(WriteType.CACHE_THROUGH);
        harness.write("/m/a/written", 3, true);
        harness.put(STORE, "a/foreign", 4);
        setTtl("/m/a", "1h delete");
        after(Duration.ofMinutes(40));
        assertEquals(List.of("foreign", "written"), harness.names("/m/a"));
        harness.write("/m/a/written", 5);
        after(Duration.ofMinutes(20));
        assertEquals(List.of("written"), harness.names("/m/a"));
        assertTrue(stores.store(STORE).status("a/foreign").isEmpty());
        after(Duration.ofHours(1));
        assertTrue(stores.store(STORE).status("a/written").isEmpty());
        assertEquals(List.of(), harness.names("/m/a"));
    }

    @Test
    void onlyWhatAStoreHoldsIsFreed() throws TarnException {
        mount(WriteType.ASYNC_THROUGH);
        try (PersistingWorker worker = new PersistingWorker(harness, stores, 1, 0)) {
            harness.mkdir("/m/a");
            setTtl("/m/a", "1h free");
            FileStatus owned = harness.write("/m/a/_temporary/owned", 1, true);
            harness.write("/m/a/persisted", 2);
            await(() -> status("/m/a/persisted").hasBacking());
            FileVersion persisted = FileVersion.of(status("/m/a/persisted").getVersion());
            after(Duration.ofMinutes(40));
            assertEquals(Set.of(), harness.workers.freed);
            after(Duration.ofMinutes(20));
            assertEquals(Set.of(persisted), harness.workers.freed);
            assertEquals(owned.getVersion(), status("/m/a/_temporary/owned").getVersion());
            assertEquals(2, status("/m/a/persisted").getLengthBytes());
        }
    }

    @Test
    void aMountBelowHasItsOwn() throws TarnException {
        mount(WriteType.CACHE_THROUGH);
        harness.write("/m/file", 1);
        harness.write("/file", 1);
        setTtl("/", "1h delete");
        after(Duration.ofDays(1));
        assertEquals(List.of("d", "m"), harness.names("/"));
        assertEquals(List.of("file"), harness.names("/m"));
        setTtl("/m", "1h delete");
        after(Duration.ofDays(1));
        assertEquals(List.of(), harness.names("/m"));
    }

    @Test
    void nobodyDeletesWhatTheyCouldNotDelete() throws TarnException {
        harness.mkdir("/shared", false, 0777);
        harness.as("alice").mkdir("/shared/alice", false, 0755);
        harness.write("/shared/alice/file", 1);
        harness.write("/shared/loose", 1);
        harness.as("mallory");
        setTtl("/shared", "1h delete root");
        FileStatus status = harness.status("/shared");
        assertEquals(
                "1h delete mallory",
                status.getExtendedAttributesOrThrow("tarn.ttl").toStringUtf8());
        after(Duration.ofDays(1));
        assertEquals(List.of("alice"), harness.names("/shared"));
        assertEquals(List.of("file"), harness.names("/shared/alice"));
    }

    @Test
    void whatIsNoTimeToLiveIsRefused() {
        for (String wrong : List.of("", "7d", "7 delete", "7d remove", "-1d free", "delete 7d")) {
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> setTtl("/d", wrong)), wrong);
        }
    }

    @Test
    void aLargeDirectoryIsLookedThroughInBoundedRounds() throws TarnException {
        for (int i = 0; i < 10; i++) {
            harness.mkdir("/d/e/" + i);
        }
        for (int i = 0; i < 3_000; i++) {
            harness.completeEmpty(harness.create("/d/e/" + i % 10 + "/" + i, false));
        }
        setTtl("/d", "1h delete");
        clock.advance(Duration.ofHours(2));
        harness.namespace.runBackground();
        int left = harness.list("/d", true).size();
        assertTrue(left > 11 && left < 3_000, "after one round " + left);
        await(() -> list("/d").size() == 11);
    }

    private FileStatus status(String path) {
        try {
            return harness.status(path);
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    private List<FileStatus> list(String path) {
        try {
            return harness.list(path, true);
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    private void await(BooleanSupplier condition) throws TarnException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not in time");
            clock.advance(Duration.ofMillis(500));
            harness.namespace.runBackground();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
