package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.journal.Journal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.understore.Faults;
import io.tarn.testing.understore.StoreCall;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a master that stops in the middle of a change of an under store leaves, and what the next one makes of it. */
class CrashRecoveryTest {
    private static final String STORE = "memory://a/";
    private static final String OBJECTS = "object://b/";

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private NamespaceHarness before;

    @BeforeEach
    void start() throws TarnException {
        before = new NamespaceHarness(journal, new InMemoryStateStore(), stores, clock);
        before.mount("/m", STORE);
        before.mount("/o", OBJECTS);
        before.write("/m/f", 5);
        before.mkdir("/o/d/e");
        before.write("/o/d/one", 1);
        before.write("/o/d/e/two", 2);
    }

    @AfterEach
    void stop() {
        before.close();
    }

    @Test
    void aDeletionIsCarriedOn() throws Exception {
        Stopped stopped = stopAt(STORE, StoreCall.DELETE_FILE, () -> before.delete("/m/f", false));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> before.status("/m/f")), "hidden while it is deleted");
        try (NamespaceHarness after = stopped.restart()) {
            assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> after.status("/m/f")), "hidden after the crash too");
            awaitRecovered(after);
            assertTrue(stores.store(STORE).status("f").isEmpty());
            assertEquals(List.of(), after.names("/m"));
        }
        stopped.release();
    }

    @Test
    void aDirectoryOfABucketThatADeletionLeftEmptyIsThereOnceThatIsCarriedOn() throws Exception {
        before.write("/o/kept/inner/f", 1, true);
        before.delete("/o/kept/inner", true);
        before.write("/o/kept/f", 1);
        stores.store(OBJECTS).deleteDirectory("kept", true);
        before.put(OBJECTS, "kept/f", 1);
        before.sync("/o", true);
        Stopped stopped = stopAt(OBJECTS, StoreCall.CREATE_DIRECTORY, () -> before.delete("/o/kept/f", false));
        Faults.Stall recovery = stores.store(OBJECTS).faults().stall(StoreCall.CREATE_DIRECTORY);
        try (NamespaceHarness after = stopped.restart()) {
            recovery.awaitEntered();
            assertEquals(List.of("d"), after.names("/o"), "a bucket has no empty directories");
            stores.store(OBJECTS).faults().clear();
            recovery.release();
            awaitRecovered(after);
            assertEquals(List.of("d", "kept"), after.names("/o"));
            assertEquals(List.of(), after.names("/o/kept"));
        }
        stopped.release();
    }

    @Test
    void onlyTheVersionThatWasToBeDeletedIs() throws Exception {
        Stopped stopped = stopAt(STORE, StoreCall.DELETE_FILE, () -> before.delete("/m/f", false));
        clock.advance(Duration.ofSeconds(1));
        before.put(STORE, "f", 9);
        try (NamespaceHarness after = stopped.restart()) {
            awaitRecovered(after);
            assertEquals(9, after.status("/m/f").getLengthBytes());
        }
        stopped.release();
    }

    @Test
    void anAtomicRenameIsCarriedOn() throws Exception {
        Stopped stopped = stopAt(STORE, StoreCall.RENAME, () -> before.rename("/m/f", "/m/g", false));
        try (NamespaceHarness after = stopped.restart()) {
            awaitRecovered(after);
            assertEquals(List.of("g"), after.names("/m"));
        }
        stopped.release();
    }

    @Test
    void aRenameByCopiesShowsTheSourceUntilAllIsCopied() throws Exception {
        Stopped stopped = stopAt(OBJECTS, StoreCall.COPY_FILE, () -> before.rename("/o/d", "/o/t", false));
        assertEquals(List.of("d"), before.names("/o"));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> before.status("/o/t/one")));
        try (NamespaceHarness after = stopped.restart()) {
            awaitRecovered(after);
            assertIsMoved(after);
        }
        stopped.release();
    }

    @Test
    void aRenameByCopiesShowsTheTargetWhileTheSourceIsDeleted() throws Exception {
        Stopped stopped = stopAt(OBJECTS, StoreCall.DELETE_FILE, () -> before.rename("/o/d", "/o/t", false));
        assertEquals(List.of("t"), before.names("/o"));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> before.status("/o/d/one")));
        assertEquals(2, before.status("/o/t/e/two").getLengthBytes());
        try (NamespaceHarness after = stopped.restart()) {
            assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> after.status("/o/d/one")));
            assertEquals(2, after.status("/o/t/e/two").getLengthBytes());
            awaitRecovered(after);
            assertIsMoved(after);
        }
        stopped.release();
    }

    @Test
    void aRenameByCopiesThatFailsLeavesAllAsItWas() throws Exception {
        TarnException failure = new TarnException(ErrorCode.STORE_UNAVAILABLE, "gone fishing");
        stores.store(OBJECTS).faults().fail(StoreCall.COPY_FILE, 100, failure);
        assertEquals(ErrorCode.STORE_UNAVAILABLE, codeOf(() -> before.rename("/o/d", "/o/t", false)));
        stores.store(OBJECTS).faults().clear();
        assertEquals(List.of("d"), before.names("/o"));
        assertEquals(2, before.status("/o/d/e/two").getLengthBytes());
        before.sync("/o", true);
        assertEquals(List.of("d"), before.names("/o"), "the copies are gone from the store too");
        before.rename("/o/d", "/o/t", false);
        assertIsMoved(before);
    }

    @Test
    void aDeletionThatFailsShowsTheFileAgain() throws Exception {
        TarnException failure = new TarnException(ErrorCode.STORE_UNAVAILABLE, "gone fishing");
        stores.store(STORE).faults().fail(StoreCall.DELETE_FILE, 1, failure);
        assertEquals(ErrorCode.STORE_UNAVAILABLE, codeOf(() -> before.delete("/m/f", false)));
        assertEquals(5, before.status("/m/f").getLengthBytes());
        before.delete("/m/f", false);
        assertEquals(List.of(), before.names("/m"));
    }

    private void assertIsMoved(NamespaceHarness harness) throws TarnException {
        assertEquals(List.of("t"), harness.names("/o"));
        assertEquals(
                List.of("/o/t/e", "/o/t/e/two", "/o/t/one"),
                harness.list("/o/t", true).stream()
                        .map(status -> status.getPath())
                        .toList());
        assertTrue(stores.store(OBJECTS).status("d").isEmpty());
        assertEquals(0644, harness.status("/o/t/one").getMode(), "the overlay has moved along");
    }

    /** Catches a change at one of its calls of the store, and keeps the journal as it is then. */
    private Stopped stopAt(String uri, StoreCall call, NamespaceHarness.Attempt change) throws Exception {
        Faults.Stall stall = stores.store(uri).faults().stall(call);
        CompletableFuture<Boolean> done = CompletableFuture.supplyAsync(() -> codeOf(change) == null);
        stall.awaitEntered();
        InMemoryJournal copy = new InMemoryJournal();
        long epoch = copy.startEpoch();
        for (Iterator<Journal.Batch> batches = journal.read(1); batches.hasNext(); ) {
            Journal.Batch batch = batches.next();
            copy.append(epoch, batch.sequence(), batch.bytes());
        }
        stores.store(uri).faults().clear();
        return new Stopped(copy, stall, done);
    }

    private final class Stopped {
        private final InMemoryJournal copy;
        private final Faults.Stall stall;
        private final CompletableFuture<Boolean> done;

        private Stopped(InMemoryJournal copy, Faults.Stall stall, CompletableFuture<Boolean> done) {
            this.copy = copy;
            this.stall = stall;
            this.done = done;
        }

        private NamespaceHarness restart() throws TarnException {
            return new NamespaceHarness(copy, new InMemoryStateStore(), stores, clock);
        }

        private void release() throws Exception {
            stall.release();
            done.get(30, TimeUnit.SECONDS);
        }
    }

    private static void awaitRecovered(NamespaceHarness harness) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!harness.namespace.isRecovered()) {
            assertTrue(System.nanoTime() < deadline, "not recovered in time");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
