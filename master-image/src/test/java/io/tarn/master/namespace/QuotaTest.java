package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.DirectoryQuota;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.WriteType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Quotas: what counts, what is refused, and that the sums stay exact. */
class QuotaTest {
    private static final int NO_LIMIT = -1;

    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private InMemoryStateStore state = new InMemoryStateStore();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(journal, state, stores, clock);
        harness.mkdir("/q/a");
        harness.mkdir("/other");
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void restart() throws TarnException {
        harness.close();
        state = new InMemoryStateStore();
        harness = new NamespaceHarness(journal, state, stores, clock);
    }

    private DirectoryQuota quota(String path) throws TarnException {
        return harness.quotas(path).get(0);
    }

    private void assertUsed(long inodes, long bytes, String path) throws TarnException {
        DirectoryQuota quota = quota(path);
        assertEquals(inodes + " inodes " + bytes, quota.getUsedInodes() + " inodes " + quota.getUsedBytes());
        UsageCheck.assertExact(state, path);
    }

    private void assertRefused(NamespaceHarness.Attempt attempt) {
        assertEquals(ErrorCode.QUOTA_EXCEEDED, codeOf(attempt));
    }

    @Test
    void theNumberOfFilesAndDirectoriesIsLimited() throws TarnException {
        harness.setQuota("/q", 3, NO_LIMIT);
        harness.write("/q/a/f", 1);
        CreateResponse early = harness.create("/q/g", false);
        CreateResponse late = harness.create("/q/h", false);
        harness.complete(early, 1);
        assertUsed(3, 2, "/q");
        assertRefused(() -> harness.complete(late, 1));
        assertRefused(() -> harness.mkdir("/q/a/b"));
        assertRefused(() -> harness.create("/q/a/i", false));
        harness.write("/q/a/f", 7);
        harness.mkdir("/other/d");
        assertRefused(() -> harness.rename("/other/d", "/q/d", false));
        harness.write("/other/f", 2);
        harness.rename("/other/f", "/q/a/f", true);
        harness.rename("/q/a/f", "/q/renamed", false);
        assertUsed(3, 3, "/q");
        TarnException failure = assertThrows(TarnException.class, () -> harness.mkdir("/q/more"));
        assertEquals(
                "/q has a quota of 3 files and directories and holds 3: 1 more do not fit; delete some, or have the quota"
                        + " raised",
                failure.getMessage());
        harness.delete("/q/a", true);
        harness.mkdir("/q/more");
        assertUsed(3, 3, "/q");
    }

    @Test
    void theirBytesAreLimited() throws TarnException {
        harness.setQuota("/q", NO_LIMIT, 100);
        harness.write("/q/f", 60);
        CreateResponse created = harness.create("/q/g", false);
        assertEquals(40, created.getMaxLengthBytes());
        assertRefused(() -> harness.complete(created, 41));
        harness.complete(created, 40);
        assertRefused(() -> harness.complete(harness.append("/q/f"), 61));
        harness.complete(harness.append("/q/f"), 60);
        harness.complete(harness.create("/q/empty", false), 0);
        harness.write("/q/f", 10);
        assertUsed(4, 50, "/q");
        harness.write("/other/large", 51);
        assertRefused(() -> harness.rename("/other/large", "/q/large", false));
        harness.rename("/other/large", "/q/f", true);
        assertUsed(4, 91, "/q");
        assertFalse(harness.create("/other/x", false).hasMaxLengthBytes());
    }

    @Test
    void allQuotasAboveCount() throws TarnException {
        harness.setQuota("/q", NO_LIMIT, 100);
        harness.setQuota("/q/a", 2, NO_LIMIT);
        harness.write("/q/a/1", 90);
        assertRefused(() -> harness.write("/q/a/2", 20));
        harness.write("/q/a/2", 10);
        assertRefused(() -> harness.write("/q/a/3", 0));
        assertRefused(() -> harness.write("/q/3", 1));
        harness.write("/q/3", 0);
        assertEquals(List.of("/q/a", "/q"), paths(harness.quotas("/q/a")));
        assertEquals(List.of("/other"), paths(harness.quotas("/other")));
        assertEquals(2, harness.quotas("").size());
        assertRefused(() -> harness.rename("/q/3", "/q/a/3", false));
    }

    private static List<String> paths(List<DirectoryQuota> quotas) {
        return quotas.stream().map(DirectoryQuota::getPath).toList();
    }

    @Test
    void aTreeMovesAndGoesWithItsSum() throws TarnException {
        harness.write("/other/t/x/1", 10, true);
        harness.write("/other/t/2", 20);
        harness.setQuota("/q", 5, 30);
        harness.rename("/other/t", "/q/a/t", false);
        assertUsed(5, 30, "/q");
        assertUsed(0, 0, "/other");
        restart();
        assertUsed(5, 30, "/q");
        harness.rename("/q/a/t", "/other/t", false);
        assertUsed(1, 0, "/q");
        harness.rename("/other/t", "/q/t", false);
        harness.delete("/q/t", true);
        assertUsed(1, 0, "/q");
        harness.namespace.runBackground();
        restart();
        assertUsed(1, 0, "/q");
    }

    @Test
    void aLimitBelowTheUsageStopsWhatIsNew() throws TarnException {
        harness.write("/q/f", 10);
        harness.setQuota("/q", 1, 5);
        assertUsed(2, 10, "/q");
        assertRefused(() -> harness.write("/q/g", 0));
        harness.write("/q/f", 8);
        assertRefused(() -> harness.write("/q/f", 9));
        harness.delete("/q/a", false);
        harness.delete("/q/f", false);
        harness.write("/q/g", 5);
    }

    @Test
    void aDeadWritersFlushedBytesAreKept() throws TarnException {
        harness.setQuota("/q", NO_LIMIT, 10);
        CreateResponse created = harness.create("/q/f", false);
        harness.workers.flushed.put(FileVersion.of(created.getStatus().getVersion()), 12L);
        clock.advance(Duration.ofMinutes(5));
        harness.namespace.runBackground();
        await(() -> {
            Inode file = new NamespaceView(state).inode(created.getStatus().getId());
            return file != null && file.complete();
        });
        assertUsed(2, 12, "/q");
        assertRefused(() -> harness.write("/q/g", 1));
    }

    @Test
    void countingGoesOnBesideChanges() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            harness.mkdir("/other/" + i % 50 + "/" + i);
        }
        CompletableFuture<DirectoryQuota> set = CompletableFuture.supplyAsync(() -> {
            try {
                return harness.setQuota("/q", 10_000, NO_LIMIT);
            } catch (TarnException e) {
                throw new AssertionError(e);
            }
        });
        for (int i = 0; i < 50; i++) {
            harness.rename("/other/" + i, (i % 2 == 0 ? "/q/a/" : "/q/") + i, false);
            harness.write("/q/" + (i % 2 == 0 ? "a/" : "") + i + "/f", i);
            harness.delete("/q/" + (i % 2 == 0 ? "a/" : "") + i + "/" + i, false);
        }
        set.get(60, TimeUnit.SECONDS);
        assertUsed(1 + 50 + 2_500, 49 * 25, "/q");
    }

    @Test
    void afterTheLastQuotaNothingIsCounted() throws TarnException {
        harness.write("/q/f", 10);
        harness.setQuota("/q", 5, NO_LIMIT);
        harness.setQuota("/other", 5, NO_LIMIT);
        harness.setQuota("/q", NO_LIMIT, NO_LIMIT);
        assertUsed(0, 0, "/other");
        harness.setQuota("/other", NO_LIMIT, NO_LIMIT);
        assertEquals(0, new NamespaceView(state).countedThrough());
        assertTrue(isEmpty(Table.USAGE) && isEmpty(Table.QUOTA));
        assertFalse(quota("/q").hasUsedInodes());
        harness.write("/q/g", 10);
        harness.setQuota("/q", 3, NO_LIMIT);
        assertUsed(3, 20, "/q");
    }

    @Test
    void theSuperuserSetsThemAndDirectoriesHaveThem() throws TarnException {
        harness.write("/q/f", 1);
        assertEquals(ErrorCode.NOT_A_DIRECTORY, codeOf(() -> harness.setQuota("/q/f", 1, 1)));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.setQuota("/q/x", 1, 1)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> harness.setQuota("/q", -2, 1)));
        harness.as("somebody");
        assertEquals(ErrorCode.PERMISSION_DENIED, codeOf(() -> harness.setQuota("/q", 1, 1)));
        assertNull(codeOf(() -> harness.quotas("/q")));
    }

    @Test
    void whatTheStoreHoldsDoesNotCount() throws TarnException {
        harness.mount(
                "/m",
                "object://bucket/",
                MountOptions.newBuilder().setSyncIntervalMillis(60_000).setWriteType(WriteType.ASYNC_THROUGH));
        try (PersistingWorker worker = new PersistingWorker(harness, stores, 1, 0)) {
            harness.mkdir("/m/d/e");
            harness.setQuota("/m/d", 2, 100);
            harness.write("/m/d/e/f", 100);
            assertRefused(() -> harness.mkdir("/m/d/g"));
            awaitPersisted();
            assertUsed(0, 0, "/m/d");
            assertEquals(2, quota("/m/d").getMaxInodes(), "the quota stays when the directory is the store's");
            harness.write("/m/d/e/g", 100);
            harness.setQuota("/m/d", 1, 100);
            assertRefused(() -> harness.mkdir("/m/d/h"));
            harness.rename("/m/d", "/m/moved", false);
            assertUsed(1, 100, "/m/moved");
            assertRefused(() -> harness.mkdir("/m/moved/h"));
            awaitPersisted();
            restart();
            worker.follow(harness);
            assertUsed(0, 0, "/m/moved");
            harness.delete("/m/moved", true);
            assertEquals(0, harness.quotas("").size());
            harness.mkdir("/m/moved");
            assertFalse(quota("/m/moved").hasMaxInodes());
            UsageCheck.assertExact(state, "after the deletion");
        }
    }

    private void awaitPersisted() throws TarnException {
        await(() -> isEmpty(Table.UNPERSISTED));
    }

    private boolean isEmpty(Table table) {
        try (StateReader.Cursor cursor = state.scan(table, Keys.ALL, null)) {
            return !cursor.next();
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
