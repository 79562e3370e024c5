package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
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
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.FileType;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.Persistence;
import io.tarn.protocol.v1.SetAttributesRequest;
import io.tarn.protocol.v1.WriteType;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories that somebody takes from their store while files that are Tarn's alone are in them: what is acknowledged stays in sight. */
class LostDirectoryTest {
    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private final FakeWorkers workers = new FakeWorkers();
    private InMemoryStateStore state;
    private NamespaceHarness harness;

    /** Stores that rename, and stores that do not, have ways of their own. */
    enum Kind {
        OBJECTS("object://bucket/"),
        FILES("memory://files/");

        private final String uri;

        Kind(String uri) {
            this.uri = uri;
        }
    }

    @BeforeEach
    void open() throws TarnException {
        state = new InMemoryStateStore();
        harness = new NamespaceHarness(journal, state, stores, clock, Map.of(), workers);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private FaultyUnderStore store(Kind kind) {
        return stores.store(kind.uri);
    }

    private void mount(Kind kind) throws TarnException {
        harness.mount(
                "/m",
                kind.uri,
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(WriteType.MUST_CACHE));
    }

    /** The directory d, of which the store knew x, with the file y that it does not know. */
    private void loseDirectory(Kind kind) throws TarnException {
        mount(kind);
        harness.put(kind.uri, "d/x", 1);
        harness.write("/m/d/y", 3);
        lose(kind, "d");
    }

    private void lose(Kind kind, String place) throws TarnException {
        assertTrue(store(kind).deleteDirectory(place, true));
        harness.sync("/m", true);
    }

    private List<String> tree() throws TarnException {
        return harness.list("/m", true).stream().map(FileStatus::getPath).toList();
    }

    private void restart() throws TarnException {
        harness.close();
        open();
    }

    private boolean isEmpty(Table table) {
        try (StateReader.Cursor cursor = state.scan(table, Keys.ALL, null)) {
            return !cursor.next();
        }
    }

    private void persist() throws TarnException {
        harness.persist("/m");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (PersistingWorker worker = new PersistingWorker(harness, stores, 1, 0)) {
            while (!isEmpty(Table.UNPERSISTED)) {
                assertTrue(System.nanoTime() < deadline, "not in time");
                clock.advance(Duration.ofMillis(500));
                harness.namespace.runBackground();
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void itIsThereWithWhatIsOwnedInIt(Kind kind) throws TarnException {
        loseDirectory(kind);
        assertEquals(List.of("d"), harness.names("/m"));
        assertEquals(List.of("y"), harness.names("/m/d"));
        assertEquals(FileType.DIRECTORY, harness.status("/m/d").getType());
        assertEquals(Persistence.OWNED, harness.status("/m/d").getPersistence());
        assertEquals(3, harness.open("/m/d/y").getStatus().getLengthBytes());
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/d/x")));
        restart();
        assertEquals(List.of("/m/d", "/m/d/y"), tree());
        assertEquals(3, harness.open("/m/d/y").getStatus().getLengthBytes());
    }

    @ParameterizedTest
    @EnumSource
    void directoriesAboveIt(Kind kind) throws TarnException {
        mount(kind);
        harness.put(kind.uri, "a/b/c/x", 1);
        harness.put(kind.uri, "a/kept", 1);
        harness.write("/m/a/b/c/y", 3);
        lose(kind, "a/b");
        assertEquals(List.of("/m/a", "/m/a/b", "/m/a/b/c", "/m/a/b/c/y", "/m/a/kept"), tree());
        lose(kind, "a");
        assertEquals(List.of("/m/a", "/m/a/b", "/m/a/b/c", "/m/a/b/c/y"), tree());
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> harness.delete("/m/a", false)));
        assertEquals(3, harness.status("/m/a/b/c/y").getLengthBytes());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMadeThereJoinsWhatIsOwned(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.write("/m/d/z", 5, true);
        harness.mkdir("/m/d/e");
        harness.link("/m/d/y", "/m/d/link");
        harness.writeThrough("/m/d/through", 7);
        assertEquals(List.of("e", "link", "through", "y", "z"), harness.names("/m/d"));
        assertEquals(ErrorCode.ALREADY_EXISTS, codeOf(() -> harness.mkdir("/m/d")));
        assertEquals(ErrorCode.IS_A_DIRECTORY, codeOf(() -> harness.write("/m/d", 1)));
        assertEquals(List.of("d"), harness.names("/m"));
    }

    @ParameterizedTest
    @EnumSource
    void itIsGoneWithTheLastOfWhatIsOwnedInIt(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.delete("/m/d/y", false);
        assertEquals(List.of(), harness.names("/m"));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/d")));
        assertTrue(store(kind).status("d").isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void itIsDeletedAsAWhole(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.write("/m/d/e/z", 5, true);
        assertEquals(List.of("e", "y"), harness.names("/m/d"));
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> harness.delete("/m/d", false)));
        harness.delete("/m/d", true);
        assertEquals(List.of(), harness.names("/m"));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/d/y")));
        harness.mkdir("/m/d");
        assertEquals(List.of(), harness.names("/m/d"));
        restart();
        assertEquals(List.of("/m/d"), tree());
    }

    @ParameterizedTest
    @EnumSource
    void itIsHiddenWhileItIsDeleted(Kind kind) throws Exception {
        loseDirectory(kind);
        harness.put(kind.uri, "other", 1);
        harness.sync("/m", true);
        assertEquals(List.of("d", "other"), harness.names("/m"));
        var stall = store(kind).faults().stall(StoreCall.DELETE_DIRECTORY);
        var deleted = CompletableFuture.supplyAsync(() -> codeOf(() -> harness.delete("/m/d", true)));
        stall.awaitEntered();
        assertEquals(List.of("other"), harness.names("/m"));
        stall.release();
        assertEquals(null, deleted.get());
        assertEquals(List.of("other"), harness.names("/m"));
    }

    @ParameterizedTest
    @EnumSource
    void itIsRenamedWithWhatIsOwnedInIt(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.rename("/m/d", "/m/t", false);
        assertEquals(List.of("/m/t", "/m/t/y"), tree());
        assertEquals(3, harness.open("/m/t/y").getStatus().getLengthBytes());
        restart();
        assertEquals(List.of("/m/t", "/m/t/y"), tree());
    }

    @ParameterizedTest
    @EnumSource
    void itIsNoPlaceForAnotherDirectory(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.put(kind.uri, "s/f", 1);
        harness.sync("/m", true);
        harness.mkdir("/m/new");
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> harness.rename("/m/s", "/m/d", true)));
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> harness.rename("/m/new", "/m/d", true)));
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> harness.mount("/m/d", "memory://inner/")));
        assertEquals(List.of("y"), harness.names("/m/d"));
    }

    @ParameterizedTest
    @EnumSource
    void filesAreRenamedOutOfItAndIntoIt(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.put(kind.uri, "stored", 9);
        harness.sync("/m", true);
        harness.write("/m/owned", 5);
        harness.rename("/m/owned", "/m/d/owned", false);
        harness.rename("/m/stored", "/m/d/stored", false);
        assertEquals(List.of("owned", "stored", "y"), harness.names("/m/d"));
        harness.rename("/m/d/owned", "/m/owned", false);
        harness.rename("/m/d/y", "/m/y", false);
        assertEquals(List.of("/m/d", "/m/d/stored", "/m/owned", "/m/y"), tree(), "the store has it now");
        harness.rename("/m/d/stored", "/m/stored", false);
        assertEquals(List.of("/m/d", "/m/owned", "/m/stored", "/m/y"), tree());
    }

    @ParameterizedTest
    @EnumSource
    void persistingPutsItBackIntoItsStore(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.write("/m/d/e/z", 5, true);
        assertEquals(List.of("e", "y"), harness.names("/m/d"));
        assertEquals(3, harness.persist("/m/d").getWaiting(), "two files and a directory");
        persist();
        assertEquals(3, store(kind).status("d/y").orElseThrow().lengthBytes());
        assertEquals(5, store(kind).status("d/e/z").orElseThrow().lengthBytes());
        assertEquals(Persistence.PERSISTED, harness.status("/m/d").getPersistence());
        harness.sync("/m", true);
        assertEquals(List.of("/m/d", "/m/d/e", "/m/d/e/z", "/m/d/y"), tree());
        lose(kind, "d");
        assertEquals(List.of(), tree(), "nothing of it is Tarn's any more");
    }

    @ParameterizedTest
    @EnumSource
    void whoIsWritingThereKeepsItForChanges(Kind kind) throws TarnException {
        mount(kind);
        harness.put(kind.uri, "d/x", 1);
        CreateResponse begun = harness.create("/m/d/y", false);
        lose(kind, "d");
        assertEquals(List.of(), harness.names("/m"), "what is incomplete does not show");
        assertEquals(ErrorCode.ALREADY_EXISTS, codeOf(() -> harness.mkdir("/m/d")));
        assertEquals(ErrorCode.LEASE_CONFLICT, codeOf(() -> harness.delete("/m/d", true)));
        assertFalse(harness.status("/m/d/y").getComplete());
        harness.write("/m/d/z", 5, true);
        harness.complete(begun, 3);
        assertEquals(List.of("y", "z"), harness.names("/m/d"));
    }

    @ParameterizedTest
    @EnumSource
    void whoWroteAFileOfItsNameMeanwhileHidesNothing(Kind kind) throws TarnException {
        mount(kind);
        CreateResponse file = harness.create("/m/d", false);
        harness.put(kind.uri, "d/x", 1);
        harness.sync("/m", true);
        CreateResponse below = harness.create("/m/d/y", false);
        lose(kind, "d");
        assertEquals(ErrorCode.IS_A_DIRECTORY, codeOf(() -> harness.complete(file, 5)));
        harness.complete(below, 3);
        assertEquals(ErrorCode.IS_A_DIRECTORY, codeOf(() -> harness.complete(file, 5)));
        assertEquals(List.of("/m/d", "/m/d/y"), tree());
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatOthersPutInItsPlaceHidesNothing(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.put(kind.uri, "d", 9);
        harness.sync("/m", true);
        assertEquals(List.of("/m/d", "/m/d/y"), tree());
        assertEquals(3, harness.open("/m/d/y").getStatus().getLengthBytes());
        harness.rename("/m/d/y", "/m/y", false);
        assertEquals(List.of("/m/d", "/m/y"), tree());
        assertEquals(9, harness.status("/m/d").getLengthBytes());
    }

    @ParameterizedTest
    @EnumSource
    void linksAndMountPointsKeepIt(Kind kind) throws TarnException {
        mount(kind);
        harness.put(kind.uri, "d/x", 1);
        harness.put(kind.uri, "e/x", 1);
        harness.put(kind.uri, "target", 2);
        harness.link("../target", "/m/d/link");
        harness.put("memory://inner/", "shown", 1);
        harness.mount("/m/e/inner", "memory://inner/");
        lose(kind, "d");
        lose(kind, "e");
        assertEquals(List.of("/m/d", "/m/d/link", "/m/e", "/m/e/inner", "/m/e/inner/shown", "/m/target"), tree());
        assertEquals(2, harness.as("alice").status("/m/d/link").getLengthBytes());
        harness.as(NamespaceHarness.ROOT).unmount("/m/e/inner");
        harness.delete("/m/d/link", false);
        assertEquals(List.of("/m/target"), tree());
    }

    @ParameterizedTest
    @EnumSource
    void itsAttributesAreItsOwn(Kind kind) throws TarnException {
        loseDirectory(kind);
        harness.set(
                SetAttributesRequest.newBuilder()
                        .setMode(0700)
                        .putSetExtendedAttributes("user.a", ByteString.copyFromUtf8("x")),
                "/m/d");
        FileStatus status = harness.status("/m/d");
        assertEquals(0700, status.getMode());
        assertEquals("x", status.getExtendedAttributesOrThrow("user.a").toStringUtf8());
        assertEquals(
                ErrorCode.PERMISSION_DENIED, codeOf(() -> harness.as("alice").status("/m/d/y")));
        harness.as(NamespaceHarness.ROOT);
        assertTrue(store(kind).status("d").isEmpty(), "nothing is written to the store for that");
        persist();
        assertEquals(0700, harness.status("/m/d").getMode());
    }
}
