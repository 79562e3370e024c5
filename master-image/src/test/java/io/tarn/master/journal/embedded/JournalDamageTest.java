package io.tarn.master.journal.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal makes of files that a crash or a disk has left in a bad state. */
@Timeout(60)
class JournalDamageTest {
    private static final JournalConfig CONFIG = new JournalConfig(new DataSize(1L << 20));
    private static final int BATCHES = 5;
    private static final String NAME = new Segment(1, 0).name();

    @TempDir
    Path directory;

    private final Random random = new Random(11);
    private final List<byte[]> batches = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private byte[] image = new byte[0];
    private int end;

    @BeforeEach
    void writeJournal() throws Exception {
        int offset = SegmentHeader.LENGTH_BYTES;
        try (EmbeddedJournal journal = open(new DiskLogFiles(directory))) {
            long epoch = journal.startEpoch();
            for (int i = 1; i <= BATCHES; i++) {
                byte[] batch = new byte[i == BATCHES ? 701 : 300 * i];
                random.nextBytes(batch);
                batch[batch.length - 1] = 0;
                journal.append(epoch, i, batch);
                batches.add(batch);
                offsets.add(offset);
                offset += Frame.frameBytes(batch.length);
            }
        }
        end = offset;
        image = Files.readAllBytes(segment());
    }

    @Test
    void anAppendCutShortAtAnyByteIsCutOff() throws Exception {
        int last = offsets.getLast();
        for (int cut = last; cut < end; cut++) {
            byte[] torn = image.clone();
            Arrays.fill(torn, cut, end, (byte) 0);
            checkTailIsCut(disk(torn), "zeros from byte " + (cut - last) + " of the last frame");
        }
    }

    /** A segment has its full length from the beginning: a shorter one has lost what nobody can tell. */
    @Test
    void aFileCutShortIsDamage() throws Exception {
        for (int cut : new int[] {0, 63, 64, 700, end - 1, end, image.length - 1}) {
            Files.write(segment(), Arrays.copyOf(image, cut));
            TarnException e = assertThrows(TarnException.class, () -> open(new DiskLogFiles(directory)));
            assertEquals(ErrorCode.CORRUPT, e.code());
            assertTrue(e.getMessage().contains(NAME + ", offset "), e.getMessage());
            assertTrue(e.getMessage().contains("tarn restore"), e.getMessage());
        }
    }

    @Test
    void aDamagedBatchIsPassedOverByWhoDoesNotNeedIt() throws Exception {
        for (int damagedBatch = 1; damagedBatch <= BATCHES; damagedBatch++) {
            byte[] damaged = image.clone();
            damaged[offsets.get(damagedBatch - 1) + Frame.HEADER_BYTES + 17] ^= 4;
            MemoryLogFiles files = disk(damaged);
            try (EmbeddedJournal journal = open(files)) {
                assertEquals(BATCHES, journal.lastSequence());
                journal.append(journal.startEpoch(), BATCHES + 1, new byte[] {1, 2, 3});
                Iterator<Journal.Batch> read = journal.read(damagedBatch + 1);
                for (int i = damagedBatch; i < BATCHES; i++) {
                    assertArrayEquals(batches.get(i), read.next().bytes());
                }
                assertArrayEquals(new byte[] {1, 2, 3}, read.next().bytes());
            }
            checkDamage(files, "batch " + damagedBatch, offsets.get(damagedBatch - 1));
        }
    }

    @Test
    void anAppendThatMissesSectorsIsCutOff() throws Exception {
        int last = offsets.getLast();
        for (int sector = last / 512; sector <= (end - 1) / 512; sector++) {
            byte[] torn = image.clone();
            Arrays.fill(torn, Math.max(last, sector * 512), Math.min(end, (sector + 1) * 512), (byte) 0);
            checkTailIsCut(disk(torn), "sector " + sector + " missing");
        }
    }

    @Test
    void aMissingSectorBeforeTheTailIsDamage() throws Exception {
        byte[] damaged = image.clone();
        Arrays.fill(damaged, 1024, 1536, (byte) 0);
        checkDamage(disk(damaged), "sector 2 missing", 1024);
    }

    @Test
    void everyFlippedBitIsFound() throws Exception {
        for (int i = 0; i < 400; i++) {
            int position = SegmentHeader.LENGTH_BYTES + random.nextInt(end - SegmentHeader.LENGTH_BYTES);
            byte[] damaged = image.clone();
            damaged[position] ^= (byte) (1 << random.nextInt(8));
            if (isPadding(position)) {
                continue;
            }
            checkDamage(disk(damaged), "bit flipped at " + position, position);
        }
    }

    @Test
    void everyFlippedBitOfTheHeadersOfAllFramesIsFound() throws Exception {
        for (int offset : offsets) {
            for (int position = offset; position < offset + Frame.HEADER_BYTES; position++) {
                byte[] damaged = image.clone();
                damaged[position] ^= (byte) (1 << random.nextInt(8));
                checkDamage(disk(damaged), "bit flipped at " + position, position);
            }
        }
    }

    @Test
    void aDamagedSegmentHeaderIsNamed() throws Exception {
        for (int position = 0; position < SegmentHeader.LENGTH_BYTES; position++) {
            byte[] damaged = image.clone();
            damaged[position] ^= (byte) (1 << random.nextInt(8));
            TarnException e =
                    assertThrows(TarnException.class, () -> open(disk(damaged)), "bit flipped at " + position);
            assertEquals(ErrorCode.CORRUPT, e.code());
            assertTrue(e.getMessage().contains(NAME), e.getMessage());
        }
    }

    @Test
    void randomBytesBehindTheTailAreDamage() throws Exception {
        byte[] damaged = image.clone();
        byte[] noise = new byte[4_096];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, damaged, end, noise.length);
        assertEquals(
                ErrorCode.CORRUPT,
                assertThrows(TarnException.class, () -> open(disk(damaged))).code());
    }

    @Test
    void aDamagedEpochFileIsNamed() throws Exception {
        Path epoch = directory.resolve("epoch");
        byte[] whole = Files.readAllBytes(epoch);
        for (int position = 0; position < whole.length; position++) {
            byte[] damaged = whole.clone();
            damaged[position] ^= 1;
            Files.write(epoch, damaged);
            TarnException e = assertThrows(TarnException.class, () -> open(new DiskLogFiles(directory)));
            assertEquals(ErrorCode.CORRUPT, e.code());
            assertTrue(e.getMessage().contains(epoch.toString()), e.getMessage());
        }
    }

    /** The bytes between a batch and its end mark mean nothing. */
    private boolean isPadding(int position) {
        for (int i = 0; i < BATCHES; i++) {
            int from = offsets.get(i) + Frame.HEADER_BYTES + batches.get(i).length;
            int to = offsets.get(i) + Frame.frameBytes(batches.get(i).length) - Frame.END_BYTES;
            if (position >= from && position < to) {
                return true;
            }
        }
        return false;
    }

    /** All but the last batch are there, the next append takes its place, and all of it is there after another start. */
    private void checkTailIsCut(LogFiles files, String what) throws IOException {
        try (EmbeddedJournal journal = open(files)) {
            assertEquals(BATCHES - 1, journal.lastSequence(), what);
            journal.append(journal.startEpoch(), BATCHES, new byte[] {1, 2, 3});
        }
        try (EmbeddedJournal journal = open(files)) {
            Iterator<Journal.Batch> read = journal.read(1);
            for (int i = 0; i < BATCHES - 1; i++) {
                assertArrayEquals(batches.get(i), read.next().bytes(), what);
            }
            assertArrayEquals(new byte[] {1, 2, 3}, read.next().bytes(), what);
        }
    }

    /** Opening or reading says CORRUPT, with the file and the offset of the damaged frame. */
    private void checkDamage(LogFiles files, String what, int position) throws IOException {
        int frame = 0;
        for (int offset : offsets) {
            frame = offset <= position ? offset : frame;
        }
        try (EmbeddedJournal journal = open(files)) {
            for (Iterator<Journal.Batch> read = journal.read(1); read.hasNext(); ) {
                read.next();
            }
            fail(what + ": not noticed, the journal ends at " + journal.lastSequence());
        } catch (TarnException e) {
            checkMessage(what, e, frame);
        } catch (UncheckedIOException e) {
            checkMessage(what, assertInstanceOf(TarnException.class, e.getCause()), frame);
        }
    }

    private void checkMessage(String what, TarnException e, int frame) {
        assertEquals(ErrorCode.CORRUPT, e.code(), what);
        assertTrue(e.getMessage().contains(NAME + ", offset " + frame + ":"), what + ": " + e.getMessage());
    }

    private EmbeddedJournal open(LogFiles files) throws TarnException {
        return EmbeddedJournal.open(directory, CONFIG, files);
    }

    private Path segment() {
        return directory.resolve(NAME);
    }

    /** The journal's directory with another content of its segment. */
    private MemoryLogFiles disk(byte[] segment) throws IOException {
        MemoryLogFiles files = new MemoryLogFiles();
        files.put("epoch", Files.readAllBytes(directory.resolve("epoch")));
        files.put(NAME, segment);
        return files;
    }
}
