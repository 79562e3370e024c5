package io.tarn.master.journal.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.journal.Journal;
import io.tarn.master.leader.Leader;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.leader.TextRecords;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journal on disks that fill up, fail and lose power. */
@Timeout(60)
class JournalFaultTest {
    private static final long SEGMENT_BYTES = 1L << 20;

    @TempDir
    Path directory;

    @Test
    void aFullDiskTakesTheReserveThenRefusesAndRecovers() throws Exception {
        MemoryLogFiles disk = new MemoryLogFiles();
        EmbeddedJournal journal = open(disk);
        long epoch = journal.startEpoch();
        disk.setSpace(2 * SEGMENT_BYTES + 4_096);
        long sequence = 0;
        TarnException full = null;
        while (full == null) {
            try {
                journal.append(epoch, sequence + 1, new byte[100_000]);
                sequence++;
            } catch (TarnException e) {
                full = e;
            }
        }
        assertEquals(ErrorCode.NO_SPACE, full.code());
        assertTrue(sequence >= 19, "the reserved segment was used: " + sequence);
        assertEquals(sequence, journal.lastSequence());
        disk.setSpace(Long.MAX_VALUE);
        journal.append(epoch, sequence + 1, new byte[100_000]);
        journal.close();
        try (EmbeddedJournal reopened = open(disk)) {
            assertEquals(sequence + 1, reopened.lastSequence());
        }
    }

    @Test
    void aWriteThatStopsHalfWayIsClearedAway() throws Exception {
        MemoryLogFiles disk = new MemoryLogFiles();
        EmbeddedJournal journal = open(disk);
        long epoch = journal.startEpoch();
        journal.append(epoch, 1, new byte[10_000]);
        disk.fillUpAfterWrites(0);
        TarnException e = assertThrows(TarnException.class, () -> journal.append(epoch, 2, new byte[20_000]));
        assertEquals(ErrorCode.NO_SPACE, e.code());
        journal.append(epoch, 2, new byte[] {7});
        journal.close();
        try (EmbeddedJournal reopened = open(disk)) {
            assertEquals(2, reopened.lastSequence());
            assertArrayEquals(new byte[] {7}, reopened.read(2).next().bytes());
        }
    }

    @Test
    void aFailedForceIsNeverTriedAgain() throws Exception {
        MemoryLogFiles disk = new MemoryLogFiles();
        EmbeddedJournal journal = open(disk);
        long epoch = journal.startEpoch();
        journal.append(epoch, 1, new byte[] {1});
        disk.failForceAfter(0);
        assertEquals(
                ErrorCode.OUTCOME_UNKNOWN,
                assertThrows(TarnException.class, () -> journal.append(epoch, 2, new byte[] {2}))
                        .code());
        disk.failForceAfter(Integer.MAX_VALUE);
        assertEquals(
                ErrorCode.UNAVAILABLE,
                assertThrows(TarnException.class, () -> journal.append(epoch, 2, new byte[] {3}))
                        .code());
        assertEquals(1, journal.lastSequence());
        journal.close();
        try (EmbeddedJournal reopened = open(disk)) {
            assertTrue(reopened.lastSequence() >= 1);
        }
    }

    /** The batch of the failed append is in the page cache, taken for clean; it must be on disk before anything that follows it is acknowledged. */
    @Test
    void whatAFailedForceLeftIsOnDiskBeforeTheNextBatch() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            MemoryLogFiles disk = new MemoryLogFiles();
            EmbeddedJournal journal = open(disk);
            long epoch = journal.startEpoch();
            journal.append(epoch, 1, new byte[700]);
            disk.failOneForce();
            byte[] unknown = new byte[3_000];
            Arrays.fill(unknown, (byte) 2);
            assertThrows(TarnException.class, () -> journal.append(epoch, 2, unknown));
            journal.close();
            try (EmbeddedJournal restarted = open(disk)) {
                assertEquals(2, restarted.lastSequence(), "it is read back");
                restarted.append(restarted.startEpoch(), 3, new byte[] {3});
            }
            try (EmbeddedJournal afterPowerLoss = open(disk.cutPower(new Random(seed)))) {
                assertArrayEquals(unknown, afterPowerLoss.read(2).next().bytes());
                assertArrayEquals(new byte[] {3}, afterPowerLoss.read(3).next().bytes());
            }
        }
    }

    /** The leader on a disk whose fsync fails once: whoever waited does not know, the process is told to end, nothing is acknowledged until it starts again. */
    @Test
    void aFailedForceEndsTheLeader() throws Exception {
        MemoryLogFiles disk = new MemoryLogFiles();
        AtomicReference<Throwable> fault = new AtomicReference<>();
        try (EmbeddedJournal journal = open(disk);
                Leader<String> leader = lead(journal, fault)) {
            leader.submit(TextRecords.put("a", "1")).get();
            disk.failOneForce();
            assertEquals(ErrorCode.OUTCOME_UNKNOWN, failure(leader.submit(TextRecords.put("b", "2"))));
            assertEquals(ErrorCode.NOT_LEADER, failure(leader.submit(TextRecords.put("c", "3"))));
        }
        assertTrue(String.valueOf(fault.get()).contains("check the disk, then restart the master"), "" + fault.get());
        try (EmbeddedJournal journal = open(disk.cutPower(new Random(1)));
                Leader<String> leader = lead(journal, fault)) {
            assertEquals("1", TextRecords.get(leader.committed(), "a"));
            assertNull(TextRecords.get(leader.committed(), "c"));
            leader.submit(TextRecords.put("d", "4")).get();
        }
    }

    private static Leader<String> lead(EmbeddedJournal journal, AtomicReference<Throwable> fault) throws TarnException {
        return SingleWriterLeader.start(
                new InMemoryStateStore(),
                journal,
                new TextRecords(),
                LeaderConfig.DEFAULT,
                new SimpleMeterRegistry(),
                (what, cause) -> fault.set(cause));
    }

    private static ErrorCode failure(CompletableFuture<?> outcome) {
        ExecutionException e = assertThrows(ExecutionException.class, outcome::get);
        return assertInstanceOf(TarnException.class, e.getCause()).code();
    }

    @Test
    void aForceThatFailsWhenASegmentBeginsEndsTheJournal() throws Exception {
        MemoryLogFiles disk = new MemoryLogFiles();
        EmbeddedJournal journal = open(disk);
        long epoch = journal.startEpoch();
        for (int i = 1; i <= 2; i++) {
            journal.append(epoch, i, new byte[Journal.MAX_BATCH_BYTES - 1_000]);
        }
        disk.failOneForce();
        for (int i = 0; i < 2; i++) {
            assertThrows(TarnException.class, () -> journal.append(epoch, 3, new byte[100_000]), "refused for good");
        }
        journal.close();
        try (EmbeddedJournal restarted = open(disk)) {
            assertEquals(2, restarted.lastSequence());
            restarted.append(restarted.startEpoch(), 3, new byte[100_000]);
        }
    }

    @Test
    void acknowledgedBatchesSurviveAnyLossOfPower() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<byte[]> acknowledged = new ArrayList<>();
            MemoryLogFiles disk = new MemoryLogFiles();
            for (int life = 0; life < 5; life++) {
                disk = live(disk, acknowledged, random, "seed " + seed + ", life " + life);
            }
        }
    }

    /** Checks what is there, appends until the power fails in the middle of an append, and returns what the disk holds then. */
    private MemoryLogFiles live(MemoryLogFiles disk, List<byte[]> acknowledged, Random random, String when)
            throws Exception {
        EmbeddedJournal journal = open(disk);
        try (journal) {
            long last = journal.lastSequence();
            assertTrue(last == acknowledged.size() || last == acknowledged.size() + 1, when + ": " + last);
            Iterator<Journal.Batch> read = journal.read(1);
            for (byte[] batch : acknowledged) {
                assertArrayEquals(batch, read.next().bytes(), when);
            }
            if (read.hasNext()) {
                acknowledged.add(read.next().bytes());
            }
            long epoch = journal.startEpoch();
            disk.failForceAfter(random.nextInt(12));
            while (true) {
                byte[] batch = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 200_000 : 3_000)];
                random.nextBytes(batch);
                journal.append(epoch, acknowledged.size() + 1, batch);
                acknowledged.add(batch);
            }
        } catch (TarnException e) {
            return disk.cutPower(random);
        }
    }

    private EmbeddedJournal open(MemoryLogFiles disk) throws TarnException {
        return EmbeddedJournal.open(directory, new JournalConfig(new DataSize(SEGMENT_BYTES)), disk);
    }
}
