package io.tarn.master.journal.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
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
