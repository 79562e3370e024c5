package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.*;
import io.tarn.testing.understore.FaultyUnderStore;
import io.tarn.testing.understore.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metadata of mounted stores: how old it may be, what it costs, and what a mount refuses. */
class MountedNamespaceTest {
    private static final String STORE = "object://bucket/";

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(new InMemoryJournal(), new InMemoryStateStore(), stores, clock);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private FaultyUnderStore store() {
        return stores.store(STORE);
    }

    private static MountOptions.Builder every(long syncMillis) {
        return MountOptions.newBuilder().setSyncIntervalMillis(syncMillis).setWriteType(WriteType.CACHE_THROUGH);
    }

    @Test
    void aStatusWithinTheIntervalCostsTheStoreNothing() throws TarnException {
        harness.put(STORE, "f", 3);
        harness.mount("/m", STORE, every(60_000));
        harness.status("/m/f");
        int calls = store().faults().calls(StoreCall.STATUS);
        harness.status("/m/f");
        harness.open("/m/f");
        assertEquals(calls, store().faults().calls(StoreCall.STATUS));
        harness.put(STORE, "f", 4);
        assertEquals(3, harness.status("/m/f").getLengthBytes());
        clock.advance(Duration.ofSeconds(61));
        assertEquals(4, harness.status("/m/f").getLengthBytes());
    }

    @Test
    void absenceIsKnownFromAFreshListing() throws TarnException {
        harness.put(STORE, "d/f", 3);
        harness.mount("/m", STORE, every(60_000));
        harness.names("/m/d");
        int calls = store().faults().calls(StoreCall.STATUS);
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/d/g")));
        assertEquals(calls, store().faults().calls(StoreCall.STATUS));
    }

    @Test
    void anEmptyFileBelowAMountNeedsTheWordOfItsWorker() throws TarnException {
        harness.mount("/m", STORE, every(60_000));
        CreateResponse created = harness.create("/m/empty", false);
        assertFalse(created.getReceiptNeededForBytesOnly());
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.completeEmpty(created)));
        harness.complete(created, 0);
        assertEquals(0, harness.status("/m/empty").getLengthBytes());
    }

    @Test
    void aMountThatAlwaysLooksSeesEveryChange() throws TarnException {
        harness.mount("/m", STORE, every(0));
        assertEquals(List.of(), harness.names("/m"));
        clock.advance(Duration.ofMillis(1));
        harness.put(STORE, "f", 3);
        assertEquals(List.of("f"), harness.names("/m"));
        clock.advance(Duration.ofMillis(1));
        store().deleteFile("f", "");
        assertEquals(List.of(), harness.names("/m"));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.status("/m/f")));
    }

    @Test
    void aMountThatNeverLooksSeesChangesBySyncOnly() throws TarnException {
        harness.put(STORE, "d/f", 3);
        harness.mount("/m", STORE, every(-1));
        assertEquals(2, harness.list("/m", true).size());
        clock.advance(Duration.ofDays(30));
        harness.put(STORE, "d/g", 3);
        store().deleteFile("d/f", "");
        assertEquals(List.of("f"), harness.names("/m/d"));
        SyncResponse seen = harness.sync("/m", true);
        assertTrue(seen.getEntriesChanged() >= 2, seen.toString());
        assertEquals(List.of("g"), harness.names("/m/d"));
        assertEquals(0, harness.sync("/m", true).getEntriesChanged());
    }

    @Test
    void manyEntriesAreListedInPagesAndInOrder() throws TarnException {
        for (int i = 0; i < 3_000; i++) {
            harness.put(STORE, "many/" + (i * 7919 % 3_000), 0);
        }
        harness.mount("/m", STORE, every(60_000));
        List<String> names = harness.names("/m/many");
        assertEquals(3_000, names.size());
        assertEquals(names.stream().sorted().toList(), names);
        Listing after = harness.namespace.list(ListRequest.newBuilder()
                .setCaller(harness.caller())
                .setPath("/m/many")
                .setStartAfter("2998")
                .setLimit(2)
                .build());
        assertEquals(
                List.of("/m/many/2999", "/m/many/3"),
                after.next().stream().map(FileStatus::getPath).toList());
        assertEquals(List.of(), after.next());
    }

    @Test
    void callersOfTheSameListingShareOneLook() throws Exception {
        harness.put(STORE, "d/f", 3);
        harness.mount("/m", STORE, every(60_000));
        var stall = store().faults().stall(StoreCall.LIST);
        var first = CompletableFuture.supplyAsync(() -> codeOf(() -> harness.names("/m/d")));
        stall.awaitEntered();
        var second = CompletableFuture.supplyAsync(() -> codeOf(() -> harness.names("/m/d")));
        stall.release();
        assertEquals(null, first.get());
        assertEquals(null, second.get());
        assertEquals(1, store().faults().calls(StoreCall.LIST));
    }

    @Test
    void whatTarnDeletesDuringAListingDoesNotComeBack() throws Exception {
        harness.put(STORE, "d/f", 3);
        harness.put(STORE, "d/g", 3);
        harness.mount("/m", STORE, every(60_000));
        harness.status("/m/d/f");
        var stall = store().faults().stall(StoreCall.LIST);
        var listing = CompletableFuture.supplyAsync(() -> codeOf(() -> harness.names("/m/d")));
        stall.awaitEntered();
        harness.delete("/m/d/f", false);
        harness.put(STORE, "d/f", 3);
        stall.release();
        assertEquals(null, listing.get());
        assertEquals(List.of("g"), harness.names("/m/d"), "the look that began before the deletion says nothing of it");
    }

    @Test
    void whatTarnRenamesByCopiesDuringAListingIsSeen() throws Exception {
        harness.put(STORE, "d/f", 3);
        harness.put(STORE, "e/g", 3);
        harness.mount("/m", STORE, every(60_000));
        var stall = store().faults().stall(StoreCall.LIST);
        var listing = CompletableFuture.supplyAsync(() -> codeOf(() -> harness.names("/m/d")));
        stall.awaitEntered();
        harness.rename("/m/e/g", "/m/d/g", false);
        stall.release();
        assertEquals(null, listing.get());
        assertEquals(
                List.of("f", "g"), harness.names("/m/d"), "the look that began before the rename says nothing of it");
    }

    @Test
    void whereTarnPutsAFileItsDirectoriesAre() throws TarnException {
        harness.mount("/m", STORE, every(60_000));
        harness.mkdir("/m/d/e");
        CreateResponse begun = harness.create("/m/d/e/f", false);
        store().deleteDirectory("d", true);
        harness.sync("/m", true);
        assertEquals(List.of(), harness.names("/m"));
        harness.complete(begun, 3);
        assertEquals(List.of("d"), harness.names("/m"));
        assertEquals(3, harness.status("/m/d/e/f").getLengthBytes());
    }

    @Test
    void mountsThatCannotBe() throws TarnException {
        harness.mkdir("/full/x");
        harness.write("/file", 1);
        harness.mount("/m", STORE);
        assertEquals(ErrorCode.ALREADY_EXISTS, codeOf(() -> harness.mount("/m", "memory://x/")));
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> harness.mount("/full", "memory://x/")));
        assertEquals(ErrorCode.NOT_A_DIRECTORY, codeOf(() -> harness.mount("/file", "memory://x/")));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.mount("/no/where", "memory://x/")));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.mount("/x", "nothing://x/")));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.mount("/x", "object://bucket/below")));
        assertEquals(
                ErrorCode.PERMISSION_DENIED, codeOf(() -> harness.as("mallory").mount("/x", "memory://x/")));
        TarnException denied = new TarnException(ErrorCode.STORE_DENIED, "wrong key");
        stores.store("memory://denied/").faults().fail(StoreCall.CHECK_ACCESS, 1, denied);
        assertEquals(ErrorCode.STORE_DENIED, codeOf(() -> harness.as("root").mount("/x", "memory://denied/")));
        assertEquals(List.of("file", "full", "m"), harness.names("/"));
    }

    @Test
    void credentialsAreForWorkersOnly() throws TarnException {
        MountOptions.Builder options = every(0).putCredentials("secret", "swordfish");
        Mount mounted = harness.mount("/m", STORE, options);
        assertFalse(mounted.toString().contains("swordfish"));
        assertFalse(harness.namespace.mounts().toString().contains("swordfish"));
        assertTrue(harness.namespace.serverMounts().toString().contains("swordfish"));
    }

    @Test
    void readOnlyMountsTakeNoChange() throws TarnException {
        harness.put(STORE, "d/f", 3);
        harness.mount("/m", STORE, every(60_000).setReadOnly(true));
        assertEquals(ErrorCode.READ_ONLY, codeOf(() -> harness.write("/m/g", 1)));
        assertEquals(ErrorCode.READ_ONLY, codeOf(() -> harness.mkdir("/m/e")));
        assertEquals(ErrorCode.READ_ONLY, codeOf(() -> harness.delete("/m/d", true)));
        assertEquals(ErrorCode.READ_ONLY, codeOf(() -> harness.rename("/m/d/f", "/m/d/g", false)));
        assertEquals(
                ErrorCode.READ_ONLY,
                codeOf(() -> harness.set(SetAttributesRequest.newBuilder().setMode(0600), "/m/d/f")));
        assertEquals(3, harness.open("/m/d/f").getStatus().getLengthBytes());
    }

    @Test
    void writeTypesThatAPlaceDoesNotTake() throws TarnException {
        harness.mount("/m", STORE);
        assertEquals(ErrorCode.NO_STORE, codeOf(() -> create("/f", WriteType.THROUGH)));
        assertEquals(ErrorCode.NO_STORE, codeOf(() -> create("/f", WriteType.CACHE_THROUGH)));
        assertEquals(ErrorCode.NO_STORE, codeOf(() -> create("/f", WriteType.ASYNC_THROUGH)));
        create("/m/f", WriteType.MUST_CACHE);
        create("/m/g", WriteType.ASYNC_THROUGH);
    }

    private void create(String path, WriteType type) throws TarnException {
        NamespaceHarness.wait(() -> harness.namespace.create(CreateRequest.newBuilder()
                .setCaller(harness.caller())
                .setPath(path)
                .setWriteType(type)
                .build()));
    }

    @Test
    void nestedMountsAreSeenThroughAndGoAgain() throws TarnException {
        harness.put(STORE, "d/hidden", 3);
        harness.put("memory://inner/", "shown", 1);
        harness.mount("/m", STORE);
        harness.mount("/m/d", "memory://inner/");
        assertEquals(List.of("shown"), harness.names("/m/d"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.delete("/m/d", true)));
        assertEquals(ErrorCode.DIRECTORY_NOT_EMPTY, codeOf(() -> harness.unmount("/m")));
        assertEquals(ErrorCode.CROSS_MOUNT, codeOf(() -> harness.rename("/m/d/shown", "/m/x", false)));
        harness.unmount("/m/d");
        assertEquals(List.of("hidden"), harness.names("/m/d"));
        harness.unmount("/m");
        assertEquals(List.of(), harness.names("/"));
    }

    @Test
    void whatAStoreCannotKeepIsLaidOver() throws TarnException {
        harness.mount("/m", STORE);
        harness.write("/m/f", 3);
        harness.set(
                SetAttributesRequest.newBuilder()
                        .setOwner("alice")
                        .setMode(0600)
                        .putSetExtendedAttributes("user.a", ByteString.copyFromUtf8("x")),
                "/m/f");
        harness.sync("/m", true);
        FileStatus status = harness.status("/m/f");
        assertEquals("alice", status.getOwner());
        assertEquals(0600, status.getMode());
        assertEquals("x", status.getExtendedAttributesOrThrow("user.a").toStringUtf8());
        harness.delete("/m/f", false);
        harness.put(STORE, "f", 3);
        harness.sync("/m", true);
        assertEquals("root", harness.status("/m/f").getOwner(), "a new file has nothing of the old one's");
    }
}
