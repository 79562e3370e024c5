package io.tarn.master.namespace;

import static io.tarn.master.namespace.NamespaceHarness.codeOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.journal.InMemoryJournal;
import io.tarn.master.record.Keys;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.FileStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writers, their leases, and what becomes of files that are given up, replaced or deleted. */
class LeaseTest {
    private final ManualClock clock = new ManualClock();
    private final MemoryStores stores = new MemoryStores(clock::millis);
    private final InMemoryJournal journal = new InMemoryJournal();
    private InMemoryStateStore store = new InMemoryStateStore();
    private NamespaceHarness harness;

    @BeforeEach
    void start() throws TarnException {
        harness = new NamespaceHarness(journal, store, stores, clock);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    private void restart() throws TarnException {
        harness.close();
        store = new InMemoryStateStore();
        start();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not in time");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private boolean isEmpty(Table table) {
        try (StateReader.Cursor cursor = store.scan(table, Keys.ALL, null)) {
            return !cursor.next();
        }
    }

    @Test
    void anEmptyFileIsCompleteWithoutAReceipt() throws TarnException {
        CreateResponse created = harness.as("root", 1).create("/empty", false);
        assertTrue(created.getReceiptNeededForBytesOnly());
        assertEquals(
                ErrorCode.LEASE_CONFLICT, codeOf(() -> harness.as("root", 2).completeEmpty(created)));
        harness.as("root", 1).completeEmpty(created);
        assertEquals(0, harness.status("/empty").getLengthBytes());
        assertTrue(harness.status("/empty").getComplete());
        harness.delete("/empty", false);
        await(() -> isEmpty(Table.DETACHED));
        assertEquals(ErrorCode.LEASE_EXPIRED, codeOf(() -> harness.completeEmpty(created)));
    }

    @Test
    void aSecondWriterWaitsForTheLeaseOfTheFirst() throws TarnException {
        harness.as("root", 1).create("/f", false);
        assertEquals(
                ErrorCode.LEASE_CONFLICT, codeOf(() -> harness.as("root", 2).create("/f", true)));
        assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> harness.as("root", 2).status("/f")));
        clock.advance(Duration.ofSeconds(61));
        harness.complete(harness.as("root", 2).create("/f", true), 4);
        assertEquals(4, harness.status("/f").getLengthBytes());
    }

    @Test
    void aRestartGivesWritersAFullLeaseAgain() throws TarnException {
        CreateResponse created = harness.create("/f", false);
        clock.advance(Duration.ofSeconds(50));
        restart();
        clock.advance(Duration.ofSeconds(50));
        assertEquals(3, harness.complete(created, 3).getLengthBytes());
        CreateResponse silent = harness.create("/g", false);
        restart();
        clock.advance(Duration.ofSeconds(61));
        await(() -> isEmpty(Table.PENDING));
        assertEquals(ErrorCode.LEASE_EXPIRED, codeOf(() -> harness.complete(silent, 3)));
    }

    @Test
    void anOverwriteReplacesAtItsEndAndTheOldDataGoes() throws TarnException {
        FileStatus old = harness.write("/f", 1);
        CreateResponse created = harness.create("/f", true);
        assertEquals(1, harness.as("root", 2).status("/f").getLengthBytes());
        harness.as("root", 1).complete(created, 2);
        assertEquals(2, harness.status("/f").getLengthBytes());
        FileVersion version = FileVersion.of(old.getVersion());
        await(() -> harness.workers.deleted.contains(version) && isEmpty(Table.DETACHED));
    }

    @Test
    void aDeletedTreeIsReclaimedToTheLast() throws TarnException {
        for (int i = 0; i < 50; i++) {
            harness.mkdir("/d/" + i + "/x");
            harness.write("/d/" + i + "/f", 1);
        }
        harness.create("/d/7/pending", false);
        harness.delete("/d", true);
        assertEquals(List.of(), harness.names("/"));
        await(() -> isEmpty(Table.DETACHED) && isEmpty(Table.PENDING));
        assertTrue(harness.workers.deleted.size() >= 50);
        try (StateReader.Cursor cursor = store.scan(Table.INODE, Keys.ALL, null)) {
            assertTrue(cursor.next());
            assertTrue(!cursor.next(), "only the root is left");
        }
    }

    @Test
    void aFileWhoseDirectoryIsDeletedCannotBeCompleted() throws TarnException {
        harness.mkdir("/d");
        CreateResponse created = harness.create("/d/f", false);
        harness.delete("/d", true);
        assertEquals(ErrorCode.LEASE_EXPIRED, codeOf(() -> harness.complete(created, 1)));
    }

    @Test
    void dataThatOnlyADeadWorkerHoldsIsUnavailable() throws TarnException {
        harness.write("/f", 1);
        harness.workers.up = false;
        assertEquals(ErrorCode.UNAVAILABLE, codeOf(() -> harness.open("/f")));
        assertEquals(ErrorCode.UNAVAILABLE, codeOf(() -> harness.create("/g", false)));
        assertEquals(1, harness.status("/f").getLengthBytes());
    }

    @Test
    void aDeepTreeWorks() throws TarnException {
        String deep = "/d".repeat(1_000);
        harness.mkdir(deep);
        harness.write(deep + "/f", 1);
        restart();
        assertEquals(1, harness.status(deep + "/f").getLengthBytes());
        assertEquals(1_001, harness.list("/", true).size());
        assertEquals(ErrorCode.NAME_TOO_LONG, codeOf(() -> harness.mkdir("/" + "x".repeat(256))));
        assertEquals(ErrorCode.NAME_TOO_LONG, codeOf(() -> harness.mkdir("/d".repeat(2_049))));
        harness.delete("/d", true);
        await(() -> isEmpty(Table.DETACHED));
    }
}
