package io.tarn.master.journal.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.journal.Journal;
import io.tarn.master.journal.JournalContract;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.DataSize;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedJournalTest extends JournalContract {
    private static final JournalConfig CONFIG = new JournalConfig(new DataSize(1L << 20));

    @TempDir
    Path directory;

    @Override
    protected Journal open() throws Exception {
        return EmbeddedJournal.open(directory, CONFIG);
    }

    @Test
    void aSecondOpenerIsRefused() {
        TarnException e = assertThrows(TarnException.class, this::open);
        assertEquals(ErrorCode.UNAVAILABLE, e.code());
        assertTrue(e.getMessage().contains("in use by"), e.getMessage());
        TarnException again = assertThrows(TarnException.class, this::open, "a refused opener must not free the lock");
        assertEquals(ErrorCode.UNAVAILABLE, again.code());
    }

    @Test
    void anotherProcessIsRefused() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalOpener.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        assertTrue(
                output.contains("in use by process " + ProcessHandle.current().pid()), output);
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsAnError() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals(ErrorCode.UNAVAILABLE, code(() -> EmbeddedJournal.open(file, CONFIG)));
    }

    @Test
    void trimmingDeletesWholeSegments() throws Exception {
        long epoch = journal.startEpoch();
        for (int i = 1; i <= 40; i++) {
            journal.append(epoch, i, new byte[200_000]);
        }
        journal.trim(40);
        assertTrue(journal.firstSequence() > 30, "first: " + journal.firstSequence());
        assertEquals(1 << 20, journal.sizeBytes());
    }

    @Test
    void anotherSegmentSizeHoldsFromTheNextSegmentOn() throws Exception {
        long epoch = journal.startEpoch();
        journal.append(epoch, 1, bytes("a"));
        journal.close();
        journal = EmbeddedJournal.open(directory, new JournalConfig(new DataSize(2L << 20)));
        epoch = journal.startEpoch();
        for (int i = 2; i <= 12; i++) {
            journal.append(epoch, i, new byte[200_000]);
        }
        assertEquals((1 << 20) + (2 << 20), journal.sizeBytes());
        reopen();
        assertEquals(12, journal.lastSequence());
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        journal.close();
        Path segment = directory.resolve(new Segment(1, 0).name());
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(segment)).limit(SegmentHeader.LENGTH_BYTES);
        header.putInt(8, 2);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(header.duplicate().limit(60));
        header.putInt(60, (int) crc.getValue());
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(header, 0);
        }
        assertEquals(ErrorCode.UNSUPPORTED, code(this::open));
    }

    @Test
    void lostFilesAreDamageNotAnEmptyJournal() throws Exception {
        long epoch = journal.startEpoch();
        journal.append(epoch, 1, bytes("a"));
        journal.close();
        Path segment = directory.resolve(new Segment(1, 0).name());
        Path away = directory.resolve("away");
        Files.move(segment, away);
        assertEquals(ErrorCode.CORRUPT, code(this::open));
        Files.move(away, segment);
        Files.delete(directory.resolve("epoch"));
        assertEquals(ErrorCode.CORRUPT, code(this::open));
    }

    @Test
    void aMissingSegmentInTheMiddleIsDamage() throws Exception {
        long epoch = journal.startEpoch();
        for (int i = 1; i <= 12; i++) {
            journal.append(epoch, i, new byte[300_000]);
        }
        reopen();
        Files.delete(directory.resolve(new Segment(4, 0).name()));
        reopen();
        var reader = journal.read(1);
        for (int i = 1; i <= 3; i++) {
            reader.next();
        }
        assertTrue(reader.hasNext());
        java.io.UncheckedIOException e = assertThrows(java.io.UncheckedIOException.class, reader::next);
        TarnException cause = assertInstanceOf(TarnException.class, e.getCause());
        assertEquals(ErrorCode.CORRUPT, cause.code());
    }

    @Test
    void aMissingNewestSegmentIsNotTakenForTheEnd() throws Exception {
        appendSegments();
        journal.close();
        Path newest = directory.resolve(new Segment(10, 0).name());
        Files.delete(newest);
        TarnException e = assertThrows(TarnException.class, this::open);
        assertEquals(ErrorCode.CORRUPT, e.code());
        assertTrue(e.getMessage().contains(newest + ", offset 0: the file is missing"), e.getMessage());
    }

    @Test
    void aDamagedHeaderMattersToWhoNeedsTheSegmentOnly() throws Exception {
        appendSegments();
        journal.close();
        Path second = directory.resolve(new Segment(4, 0).name());
        try (FileChannel channel = FileChannel.open(second, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 9);
        }
        journal = open();
        assertEquals(7, journal.read(7).next().sequence());
        var reader = journal.read(4);
        java.io.UncheckedIOException e = assertThrows(java.io.UncheckedIOException.class, reader::next);
        assertTrue(String.valueOf(e.getMessage()).contains(second + ", offset 0"), e.getMessage());
        journal.trim(9);
        assertTrue(Files.notExists(second));
    }

    /** Three batches to a segment: 1, 4, 7, 10. */
    private void appendSegments() throws Exception {
        long epoch = journal.startEpoch();
        for (int i = 1; i <= 12; i++) {
            journal.append(epoch, i, new byte[300_000]);
        }
    }
}
