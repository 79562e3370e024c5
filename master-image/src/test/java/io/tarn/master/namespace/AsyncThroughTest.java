package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import io.tarn.protocol.v1.CreateRequest;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.Persistence;
import io.tarn.protocol.v1.SetAttributesRequest;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.StoreCall;
import io.tarn.testing.understore.StoreProbe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files and directories of a mount that are the namespace's own at first: what they cost, how they get to the store, and what stands in their way. */
class AsyncThroughTest {
    private static final String STORE = "object://bucket/";

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private InMemoryStateStore state = new InMemoryStateStore();
    private NamespaceHarness harness;
    private PersistingWorker worker;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(journal, state, stores, clock);
        harness.mount(
                "/m",
                STORE,
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(WriteType.ASYNC_THROUGH));
        worker = new PersistingWorker(harness, stores, 1, 0);
    }

    @AfterEach
    void stop() {
        worker.close();
        harness.close();
    }

    private void restartWithoutMirror() throws TarnException {
        FakeWorkers workers = harness.workers;
        harness.close();
        state = new InMemoryStateStore();
        harness = new NamespaceHarness(journal, state, stores, clock, Map.of(), workers);
        worker.follow(harness);
    }

    private FaultyUnderStore store() {
        return stores.store(STORE);
    }

    private int requests() {
        int requests = 0;
        for (StoreCall call : StoreCall.values()) {
            requests += store().faults().calls(call);
        }
        return requests;
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

    private boolean isEmpty(Table table) {
        try (StateReader.Cursor cursor = state.scan(table, Keys.ALL, null)) {
            return !cursor.next();
        }
    }

    private void awaitPersisted() throws TarnException {
        await(() -> isEmpty(Table.UNPERSISTED));
    }

    @Test
    void aFileIsOwnedThenPersistedThenMirrored() throws TarnException {
        FileStatus written = harness.write("/m/f", 3);
        assertEquals(Persistence.OWNED, written.getPersistence());
        assertTrue(store().status("f").isEmpty());
        assertEquals(3, harness.open("/m/f").getStatus().getLengthBytes());
        long modified = written.getModifiedMillis();
        awaitPersisted();
        FileStatus persisted = harness.status("/m/f");
        assertEquals(Persistence.PERSISTED, persisted.getPersistence());
        assertEquals(modified, persisted.getModifiedMillis());
        assertEquals(written.getOwner(), persisted.getOwner());
        assertEquals(written.getMode(), persisted.getMode());
        assertEquals(3, store().status("f").orElseThrow().lengthBytes());
        assertTrue(isEmpty(Table.PERSISTING));
    }

    @Test
    void makingFillingAndRenamingANewDirectoryCostsNoRequest() throws TarnException {
        harness.mkdir("/m/d");
        int before = requests();
        for (int i = 0; i < 20; i++) {
            harness.write("/m/d/" + i, i);
            codeOf(() -> harness.status("/m/d/absent"));
        }
        assertEquals(20, harness.names("/m/d").size());
        harness.rename("/m/d/3", "/m/d/x", false);
        harness.delete("/m/d/4", false);
        assertEquals(before, requests());
        harness.rename("/m/d", "/m/e", false);
        assertEquals(19, harness.names("/m/e").size());
        awaitPersisted();
        assertTrue(store().status("d").isEmpty());
        assertEquals(0, store().faults().calls(StoreCall.COPY_FILE));
        assertEquals(19, harness.names("/m/e").size());
        assertEquals(5, store().status("e/5").orElseThrow().lengthBytes());
    }

    @Test
    void whatLiesInAnExcludedDirectoryWaitsUntilItLeavesIt() throws TarnException {
        harness.mkdir("/m/out");
        harness.write("/m/out/_temporary/0/part", 7, true);
        for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofSeconds(1));
            harness.namespace.runBackground();
        }
        await(() -> harnessStatus("/m/out").getPersistence() == Persistence.OWNED && exists("out"));
        assertFalse(exists("out/_temporary"));
        harness.rename("/m/out/_temporary/0/part", "/m/out/part", false);
        await(() -> exists("out/part"));
        harness.delete("/m/out/_temporary", true);
        awaitPersisted();
        assertEquals(List.of("part"), harness.names("/m/out"));
        assertFalse(exists("out/_temporary"));
    }

    private FileStatus harnessStatus(String path) {
        try {
            return harness.status(path);
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    private boolean exists(String place) {
        try {
            return store().status(place).isPresent();
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatOthersWroteMeanwhileIsReplaced() throws TarnException {
        harness.write("/m/f", 3);
        harness.put(STORE, "f", 99);
        awaitPersisted();
        assertEquals(3, harness.status("/m/f").getLengthBytes());
        assertEquals(3, store().status("f").orElseThrow().lengthBytes());
    }

    @Test
    void whatOthersWroteIsNotTakenForOursWhereACommitsOutcomeIsUnknown() throws TarnException {
        byte[] others = {1, 2, 3};
        StoreProbe probe = new StoreProbe(store());
        harness.write("/m/f", others.length);
        probe.put("f", others);
        store().faults().fail(StoreCall.COMMIT, 1, new TarnException(ErrorCode.OUTCOME_UNKNOWN, "lost"));
        awaitPersisted();
        assertArrayEquals(new byte[others.length], probe.get("f"), "the worker's bytes");
        assertTrue(isEmpty(Table.PERSISTING));
    }

    @Test
    void aFileThatNeitherItsWorkerNorItsNotesKnowIsNotTakenForWhatTheStoreHolds() throws TarnException {
        harness.write("/m/f", 3);
        harness.put(STORE, "f", 3);
        store().faults().fail(StoreCall.COMMIT, 1_000, new TarnException(ErrorCode.OUTCOME_UNKNOWN, "lost"));
        await(() -> !isEmpty(Table.PERSISTING));
        harness.workers.pages.clear();
        await(() -> isEmpty(Table.PERSISTING));
        assertEquals(Persistence.OWNED, harness.status("/m/f").getPersistence());
        assertEquals(1, harness.persist("/m").getWaiting(), "it is still to be persisted, and said so");
        harness.delete("/m/f", false);
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/f")));
    }

    @Test
    void aDeletedOverwriteTakesTheOldVersionAlongEvenLater() throws TarnException {
        harness.put(STORE, "f", 1);
        harness.write("/m/f", 3);
        TarnException away = new TarnException(ErrorCode.STORE_UNAVAILABLE, "away");
        store().faults().fail(StoreCall.DELETE_FILE, 1, away);
        harness.delete("/m/f", false);
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/f")));
        assertTrue(exists("f"));
        await(() -> !exists("f") && isEmpty(Table.TOMBSTONE));
        assertEquals(List.of(), harness.names("/m"));
    }

    @Test
    void whatAWriteThroughTheStoreLeftBelowAFileDoesNotShowOnceThatIsDeleted() throws TarnException {
        harness.write("/m/f", 3);
        create("/m/f", WriteType.THROUGH);
        harness.put(STORE, "f", 5);
        clock.advance(Duration.ofHours(1)); // its writer never completes it
        harness.namespace.runBackground();
        assertEquals(3, harness.status("/m/f").getLengthBytes());
        harness.delete("/m/f", false);
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/f")));
        await(() -> !exists("f") && isEmpty(Table.TOMBSTONE));
    }

    @Test
    void whatOthersPutUnderAFilesNameStaysWhenThatIsDeletedOrRenamed() throws TarnException {
        for (String name : List.of("deleted", "renamed")) {
            harness.write("/m/" + name, 3);
            harness.put(STORE, name, 5);
        }
        harness.delete("/m/deleted", false);
        harness.rename("/m/renamed", "/m/new", false);
        clock.advance(Duration.ofHours(1));
        assertEquals(List.of("deleted", "new", "renamed"), harness.names("/m"));
        assertEquals(5, harness.status("/m/deleted").getLengthBytes());
        assertEquals(5, harness.status("/m/renamed").getLengthBytes());
        assertTrue(isEmpty(Table.TOMBSTONE));
    }

    @Test
    void onlyTheVersionThatAFileReplacedGoesWithIt() throws TarnException {
        harness.put(STORE, "f", 1);
        harness.put(STORE, "g", 1);
        harness.write("/m/f", 3);
        harness.write("/m/g", 3);
        harness.put(STORE, "g", 5);
        int looks = store().faults().calls(StoreCall.STATUS);
        harness.delete("/m/f", false);
        harness.delete("/m/g", false);
        assertEquals(looks, store().faults().calls(StoreCall.STATUS), "no look is needed");
        assertFalse(exists("f"));
        assertEquals(5, harness.status("/m/g").getLengthBytes());
        assertTrue(isEmpty(Table.TOMBSTONE));
    }

    @Test
    void whatAFileReplacesIsKnownThoughTheMirrorIsForgottenBeforeItIsComplete() throws TarnException {
        harness.put(STORE, "f", 1);
        CreateResponse begun = create("/m/f", WriteType.ASYNC_THROUGH);
        restartWithoutMirror();
        complete(begun, 3);
        harness.delete("/m/f", false);
        assertFalse(exists("f"));
    }

    @Test
    void whatIsReplacedIsNotCopiedByARenameAndDoesNotComeBack() throws TarnException {
        harness.write("/m/d/f", 1, true);
        awaitPersisted();
        harness.write("/m/d/f", 3);
        harness.rename("/m/d", "/m/e", false);
        assertFalse(exists("d/f"));
        assertFalse(exists("e/f"));
        assertEquals(3, harness.status("/m/e/f").getLengthBytes());
        harness.delete("/m/e/f", false);
        assertEquals(List.of(), harness.names("/m/e"));
    }

    @Test
    void whatACutOffWriteThroughTheStoreLeftIsSeenByTheNextWriter() throws TarnException {
        create("/m/f", WriteType.THROUGH);
        clock.advance(Duration.ofSeconds(50));
        assertEquals(List.of(), harness.names("/m"), "what is known now is young enough for another minute");
        harness.put(STORE, "f", 5);
        clock.advance(Duration.ofSeconds(11)); // its writer never completes it
        harness.namespace.runBackground();
        assertEquals(5, harness.status("/m/f").getLengthBytes());
        harness.write("/m/f", 3);
        harness.delete("/m/f", false);
        assertFalse(exists("f"));
    }

    @Test
    void aDirectoryWhoseMakingFailedHalfWayGoesWhenItIsDeleted() throws TarnException {
        harness.mkdir("/m/d");
        TarnException lost = new TarnException(ErrorCode.STORE_UNAVAILABLE, "lost");
        store().faults().loseAnswers(StoreCall.CREATE_DIRECTORY, 1, lost);
        await(() -> exists("d"));
        harness.delete("/m/d", false);
        clock.advance(Duration.ofHours(1));
        assertEquals(List.of(), harness.names("/m"));
        assertFalse(exists("d"));
    }

    @Test
    void aDirectoryThatCouldNotBeMadeIsMadeLater() throws TarnException {
        harness.mkdir("/m/d");
        complete(create("/m/d/f", WriteType.MUST_CACHE), 5);
        TarnException away = new TarnException(ErrorCode.STORE_UNAVAILABLE, "away");
        store().faults().fail(StoreCall.CREATE_DIRECTORY, 2, away);
        await(() -> exists("d"));
        assertEquals(5, harness.status("/m/d/f").getLengthBytes());
    }

    @Test
    void mustCacheStaysUntilAsked() throws TarnException {
        complete(create("/m/f", WriteType.MUST_CACHE), 5);
        assertTrue(isEmpty(Table.UNPERSISTED));
        assertEquals(1, harness.persist("/m").getWaiting());
        awaitPersisted();
        assertEquals(0, harness.persist("/m").getWaiting());
        assertTrue(exists("f"));
    }

    @Test
    void directoriesSayHowWhatIsBelowThemIsWritten() throws TarnException {
        harness.mkdir("/m/through");
        harness.mkdir("/m/kept");
        harness.set(attribute("tarn.write-type", "CACHE_THROUGH"), "/m/through");
        harness.set(attribute("tarn.write-type", "MUST_CACHE"), "/m/kept");
        harness.set(attribute("tarn.checkpoint-interval", "10m"), "/m/kept");
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                codeOf(() -> harness.set(attribute("tarn.write-type", "SOMEHOW"), "/m/kept")));
        assertEquals(Persistence.PERSISTED, harness.write("/m/through/f", 1).getPersistence());
        assertTrue(exists("through/f"));
        harness.write("/m/kept/f", 1);
        clock.advance(Duration.ofMinutes(9));
        harness.namespace.runBackground();
        assertFalse(exists("kept/f"));
        clock.advance(Duration.ofMinutes(2));
        await(() -> exists("kept/f"));
    }

    private static SetAttributesRequest.Builder attribute(String name, String value) {
        return SetAttributesRequest.newBuilder().putSetExtendedAttributes(name, ByteString.copyFromUtf8(value));
    }

    @Test
    void aSilentWritersFileEndsAtWhatItHadFlushed() throws TarnException {
        CreateResponse flushed = harness.create("/m/flushed", false);
        CreateResponse silent = harness.create("/m/silent", false);
        FileVersion version = FileVersion.of(harness.check(flushed.getTicket()).getVersion());
        harness.workers.flushed.put(version, 12L);
        clock.advance(Duration.ofSeconds(61));
        await(() -> isEmpty(Table.PENDING));
        assertEquals(12, harness.status("/m/flushed").getLengthBytes());
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/silent")));
        assertEquals(ErrorCode.LEASE_EXPIRED, codeOf(() -> complete(silent, 3)));
        awaitPersisted();
        assertEquals(12, store().status("flushed").orElseThrow().lengthBytes());
    }

    @Test
    void aRenameByCopiesLeavesWhatOthersPutThereMeanwhile() throws Exception {
        harness.write("/m/d/f", 1, true);
        awaitPersisted();
        var stall = store().faults().stall(StoreCall.DELETE_FILE);
        var renamed = CompletableFuture.supplyAsync(() -> codeOf(() -> harness.rename("/m/d", "/m/e", false)));
        stall.awaitEntered();
        harness.put(STORE, "d/others", 9);
        harness.put(STORE, "d/f", 8);
        store().faults().clear();
        stall.release();
        assertEquals(null, renamed.get());
        assertEquals(1, harness.status("/m/e/f").getLengthBytes());
        assertEquals(List.of("f", "others"), harness.names("/m/d"));
    }

    private CreateResponse create(String path, WriteType type) throws TarnException {
        return NamespaceHarness.wait(() -> harness.namespace.create(CreateRequest.newBuilder()
                .setCaller(harness.caller())
                .setPath(path)
                .setOverwrite(true)
                .setWriteType(type)
                .build()));
    }

    private FileStatus complete(CreateResponse created, int lengthBytes) throws TarnException {
        return harness.complete(created, lengthBytes);
    }
}
