package io.tarn.master.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Journal} must do. */
@Timeout(60)
public abstract class JournalContract {
    protected Journal journal;

    /** Opens the journal of this test: empty the first time, with what it held after {@link #reopen}. */
    protected abstract Journal open() throws Exception;

    @BeforeEach
    void openJournal() throws Exception {
        journal = open();
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    /** As after a crash of the process: what was acknowledged is there. */
    protected void reopen() throws Exception {
        journal.close();
        journal = open();
    }

    @Test
    void isEmptyAtFirst() throws Exception {
        assertEquals(0, journal.lastSequence());
        assertEquals(1, journal.firstSequence());
        assertFalse(journal.read(1).hasNext());
    }

    @Test
    void readsBackWhatWasAppended() throws Exception {
        long epoch = journal.startEpoch();
        Random random = new Random(3);
        byte[][] batches = new byte[200][];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(batches[i]);
            journal.append(epoch, i + 1, batches[i]);
            assertEquals(i + 1, journal.lastSequence());
        }
        checkAll(batches, epoch);
        reopen();
        assertEquals(batches.length, journal.lastSequence());
        checkAll(batches, epoch);
        Iterator<Journal.Batch> tail = journal.read(150);
        assertArrayEquals(batches[149], tail.next().bytes());
    }

    private void checkAll(byte[][] batches, long epoch) throws Exception {
        Iterator<Journal.Batch> read = journal.read(1);
        for (int i = 0; i < batches.length; i++) {
            Journal.Batch batch = read.next();
            assertEquals(i + 1, batch.sequence());
            assertEquals(epoch, batch.epoch());
            assertArrayEquals(batches[i], batch.bytes());
        }
        assertFalse(read.hasNext());
    }

    @Test
    void takesBatchesOfEverySizeUpToTheBound() throws Exception {
        long epoch = journal.startEpoch();
        int[] sizes = {1, 7, 8, 9, 511, 512, 513, Journal.MAX_BATCH_BYTES - 1, Journal.MAX_BATCH_BYTES};
        for (int i = 0; i < sizes.length; i++) {
            journal.append(epoch, i + 1, new byte[sizes[i]]);
        }
        Iterator<Journal.Batch> read = journal.read(1);
        for (int size : sizes) {
            assertEquals(size, read.next().bytes().length);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> journal.append(epoch, sizes.length + 1, new byte[Journal.MAX_BATCH_BYTES + 1]));
        assertThrows(IllegalArgumentException.class, () -> journal.append(epoch, sizes.length + 1, new byte[0]));
    }

    @Test
    void refusesSequencesOutOfOrder() throws Exception {
        long epoch = journal.startEpoch();
        assertThrows(IllegalArgumentException.class, () -> journal.append(epoch, 2, bytes("x")));
        journal.append(epoch, 1, bytes("a"));
        assertThrows(IllegalArgumentException.class, () -> journal.append(epoch, 1, bytes("x")));
        assertThrows(IllegalArgumentException.class, () -> journal.append(epoch, 3, bytes("x")));
        assertEquals(1, journal.lastSequence());
    }

    @Test
    void aNewEpochShutsOutTheOldOne() throws Exception {
        long first = journal.startEpoch();
        journal.append(first, 1, bytes("a"));
        long second = journal.startEpoch();
        assertTrue(second > first);
        assertEquals(ErrorCode.NOT_LEADER, code(() -> journal.append(first, 2, bytes("stale"))));
        journal.append(second, 2, bytes("b"));
        reopen();
        assertEquals(ErrorCode.NOT_LEADER, code(() -> journal.append(second, 3, bytes("nobody has begun an epoch"))));
        long third = journal.startEpoch();
        assertTrue(third > second);
        journal.append(third, 3, bytes("c"));
        Iterator<Journal.Batch> read = journal.read(2);
        assertEquals(second, read.next().epoch());
        assertEquals(third, read.next().epoch());
    }

    @Test
    void epochsGrowEvenWhenNothingIsAppended() throws Exception {
        long first = journal.startEpoch();
        reopen();
        long second = journal.startEpoch();
        reopen();
        assertTrue(second > first);
        assertTrue(journal.startEpoch() > second);
    }

    @Test
    void aReaderFollowsTheWriter() throws Exception {
        long epoch = journal.startEpoch();
        Iterator<Journal.Batch> reader = journal.read(1);
        for (int i = 1; i <= 50; i++) {
            assertFalse(reader.hasNext());
            journal.append(epoch, i, bytes("batch " + i));
            assertTrue(reader.hasNext());
            assertEquals("batch " + i, new String(reader.next().bytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void readersAndTheWriterDoNotDisturbEachOther() throws Exception {
        long epoch = journal.startEpoch();
        int count = 500;
        FutureTask<Long> reader = new FutureTask<>(() -> {
            Iterator<Journal.Batch> batches = journal.read(1);
            long read = 0;
            while (read < count && !Thread.currentThread().isInterrupted()) {
                if (batches.hasNext()) {
                    assertEquals(++read, Long.parseLong(text(batches.next())));
                }
            }
            return read;
        });
        Thread thread = Thread.ofPlatform().daemon().start(reader);
        try {
            for (int i = 1; i <= count; i++) {
                journal.append(epoch, i, bytes(String.valueOf(i)));
            }
            assertEquals(count, reader.get());
        } finally {
            thread.interrupt();
        }
    }

    @Test
    void trimsAndKeepsWhatIsNotTrimmed() throws Exception {
        long epoch = journal.startEpoch();
        for (int i = 1; i <= 40; i++) {
            journal.append(epoch, i, new byte[100_000]);
        }
        journal.trim(30);
        long first = journal.firstSequence();
        assertTrue(first <= 31, "trimmed too much: " + first);
        assertEquals(31, journal.read(31).next().sequence());
        reopen();
        assertEquals(40, journal.lastSequence());
        assertEquals(31, journal.read(31).next().sequence());
        if (first > 1) {
            assertEquals(ErrorCode.NOT_FOUND, code(() -> journal.read(first - 1)));
        }
        journal.trim(40);
        long next = journal.startEpoch();
        journal.append(next, 41, bytes("after"));
        reopen();
        assertEquals(41, journal.lastSequence());
        assertEquals("after", text(journal.read(41).next()));
    }

    @Test
    void theSizeGrowsAndShrinks() throws Exception {
        long epoch = journal.startEpoch();
        for (int i = 1; i <= 40; i++) {
            journal.append(epoch, i, new byte[200_000]);
        }
        long full = journal.sizeBytes();
        assertTrue(full >= 40 * 200_000);
        journal.trim(40);
        assertTrue(journal.sizeBytes() <= full);
    }

    protected interface Action {
        void run() throws Exception;
    }

    protected static ErrorCode code(Action action) {
        return assertThrows(TarnException.class, action::run).code();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static String text(Journal.Batch batch) {
        return new String(batch.bytes(), StandardCharsets.UTF_8);
    }
}
