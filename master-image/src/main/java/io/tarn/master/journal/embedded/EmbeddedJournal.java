package io.tarn.master.journal.embedded;

import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in files of this machine. A batch is acknowledged after its bytes were written to a preallocated segment and fdatasync has returned.
 *
 * <p>After a failed fdatasync nobody knows what the disk holds, and a second try may falsely succeed: the outcome is reported as unknown and nothing is
 * appended any more until the journal is opened again. {@link #append} must not run in a thread that may be interrupted: that closes the file.
 *
 * <p>{@link #append} and {@link #startEpoch} are for one thread at a time; everything else is thread-safe.
 */
public final class EmbeddedJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedJournal.class);

    private final DirectoryLock lock;
    private final LogFiles files;
    private final EpochFile epochFile;
    private final SpareSegment spare;
    private final long segmentBytes;
    private final NavigableMap<Long, Segment> segments;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(Frame.frameBytes(MAX_BATCH_BYTES));

    private Segment active;
    private LogFiles.WritableLogFile file;
    private long position;
    private volatile long lastSequence;
    private long epoch;
    private boolean writing;
    private boolean failed;
    private boolean closed;

    private EmbeddedJournal(DirectoryLock lock, LogFiles files, long segmentBytes) throws IOException {
        this.lock = lock;
        this.files = files;
        this.segmentBytes = segmentBytes;
        this.epochFile = new EpochFile(files);
        this.spare = new SpareSegment(files, segmentBytes);
        LogRecovery recovery = new LogRecovery(files);
        this.segments = new ConcurrentSkipListMap<>(recovery.segments());
        if (segments.isEmpty()) {
            begin();
        }
        EpochFile.Content known = epochFile.read();
        LogRecovery.End end = recovery.findEnd(segments.lastEntry().getValue(), known.newestSegment());
        this.epoch = Math.max(known.epoch(), end.lastEpoch());
        this.active = end.segment();
        this.position = end.position();
        this.lastSequence = end.lastSequence();
        this.file = files.openForWriting(active.name());
        spare.prepare();
    }

    /**
     * Opens the journal in {@code directory}, or begins one there.
     *
     * @throws TarnException CORRUPT with file and offset where it is damaged; UNAVAILABLE where it is in use or cannot be written; UNSUPPORTED for the
     *     format of another release
     */
    public static EmbeddedJournal open(Path directory, JournalConfig config) throws TarnException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot make the journal's directory " + directory + ": check its parent (" + e + ")",
                    e);
        }
        return open(directory, config, new DiskLogFiles(directory));
    }

    static EmbeddedJournal open(Path directory, JournalConfig config, LogFiles files) throws TarnException {
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            return new EmbeddedJournal(lock, files, config.segment().bytes());
        } catch (TarnException e) {
            lock.close();
            throw e;
        } catch (IOException e) {
            lock.close();
            throw new TarnException(
                    DiskSpace.isExhausted(e) ? ErrorCode.NO_SPACE : ErrorCode.UNAVAILABLE,
                    "cannot open the journal in " + directory + ": check space and rights (" + e + ")",
                    e);
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private void begin() throws IOException {
        if (!epochFile.exists()) {
            epochFile.write(new EpochFile.Content(0, 0));
        } else if (epochFile.read().epoch() > 0) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    files.location("segment-*") + ", offset 0: every segment of the journal is missing; "
                            + LogRecovery.WAY_OUT);
        }
        addSegment(1);
    }

    /**
     * Makes the journal of a restored master in {@code directory}, which holds none: it goes on after a state that is at {@code sequence}.
     *
     * @param epoch the next epoch is larger
     */
    public static void create(Path directory, JournalConfig config, long sequence, long epoch) throws IOException {
        Files.createDirectories(directory);
        DiskLogFiles files = new DiskLogFiles(directory);
        long segmentBytes = config.segment().bytes();
        new EpochFile(files).write(new EpochFile.Content(epoch, sequence + 1));
        try (SpareSegment spare = new SpareSegment(files, segmentBytes)) {
            spare.takeAs(new Segment(sequence + 1, segmentBytes).name(), new SegmentHeader(sequence + 1, segmentBytes));
        }
    }

    private Segment addSegment(long firstSequence) throws IOException {
        Segment segment = new Segment(firstSequence, segmentBytes);
        spare.takeAs(segment.name(), new SegmentHeader(firstSequence, segmentBytes));
        segments.put(firstSequence, segment);
        return segment;
    }

    @Override
    public long lastSequence() {
        return lastSequence;
    }

    @Override
    public long firstSequence() {
        return segments.firstKey();
    }

    @Override
    public synchronized long startEpoch() throws TarnException {
        checkOpen();
        try {
            epochFile.write(new EpochFile.Content(epoch + 1, active.firstSequence()));
        } catch (IOException e) {
            throw new TarnException(
                    DiskSpace.isExhausted(e) ? ErrorCode.NO_SPACE : ErrorCode.UNAVAILABLE,
                    "cannot note the new epoch: check the disk",
                    e);
        }
        epoch++;
        writing = true;
        return epoch;
    }

    @Override
    public synchronized void append(long writer, long sequence, byte[] batch) throws TarnException {
        checkOpen();
        if (batch.length == 0 || batch.length > MAX_BATCH_BYTES) {
            throw new IllegalArgumentException("a batch of " + batch.length + " bytes");
        }
        if (failed) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "the journal has failed before and takes nothing more: restart the master");
        }
        if (!writing || writer != epoch) {
            throw new TarnException(
                    ErrorCode.NOT_LEADER,
                    "epoch " + epoch + " has begun and epoch " + writer + " is over: ask the leader of the new epoch");
        }
        if (sequence != lastSequence + 1) {
            throw new IllegalArgumentException("batch " + sequence + " cannot follow batch " + lastSequence);
        }
        if (position + Frame.frameBytes(batch.length) > active.sizeBytes()) {
            rotate();
        }
        frame.clear();
        Frame.encode(sequence, writer, batch, frame);
        write(frame.flip());
        force();
        position += Frame.frameBytes(batch.length);
        lastSequence = sequence;
    }

    private void write(ByteBuffer bytes) throws TarnException {
        int length = bytes.remaining();
        try {
            file.write(bytes, position);
        } catch (IOException e) {
            if (DiskSpace.isExhausted(e) && undoWrite(length)) {
                throw noSpace(e);
            }
            throw fail(e);
        }
    }

    /** Space is reserved on most file systems; where it is not, a write can stop half-way and the next one must not find its remains. */
    private boolean undoWrite(int lengthBytes) {
        try {
            file.write(ByteBuffer.allocate(lengthBytes), position);
            file.force();
            return true;
        } catch (IOException e) {
            LOG.error("Could not clear an unfinished append in {}", files.location(active.name()), e);
            return false;
        }
    }

    private void force() throws TarnException {
        try {
            file.force();
        } catch (IOException e) {
            throw fail(e);
        }
    }

    private TarnException fail(IOException cause) {
        failed = true;
        return new TarnException(
                ErrorCode.OUTCOME_UNKNOWN,
                "an append to " + files.location(active.name()) + " failed (" + cause.getMessage()
                        + ") and may be on disk or not: check the disk, then restart the master",
                cause);
    }

    private TarnException noSpace(IOException cause) {
        return new TarnException(
                ErrorCode.NO_SPACE,
                "no space for the journal at " + files.location(active.name())
                        + ": free some or move master.directory; the change was not made",
                cause);
    }

    private void rotate() throws TarnException {
        try {
            Segment next = addSegment(lastSequence + 1);
            epochFile.write(new EpochFile.Content(epoch, next.firstSequence()));
            LogFiles.WritableLogFile opened = files.openForWriting(next.name());
            file.close();
            file = opened;
            active = next;
            position = SegmentHeader.LENGTH_BYTES;
            spare.prepare();
        } catch (IOException e) {
            if (DiskSpace.isExhausted(e)) {
                throw noSpace(e);
            }
            throw fail(e);
        }
    }

    @Override
    public Iterator<Batch> read(long fromSequence) throws TarnException {
        if (fromSequence < firstSequence()) {
            throw new TarnException(
                    ErrorCode.NOT_FOUND,
                    "batch " + fromSequence + " has been trimmed from the journal, which begins at batch "
                            + firstSequence() + ": take a checkpoint");
        }
        return new BatchReader(files, segments, this::lastSequence, fromSequence);
    }

    /** Deletes whole segments; the one that is being written stays. */
    @Override
    public void trim(long sequence) throws TarnException {
        try {
            for (Segment first = segments.firstEntry().getValue();
                    ;
                    first = segments.firstEntry().getValue()) {
                Long next = segments.higherKey(first.firstSequence());
                if (next == null || next > sequence + 1) {
                    return;
                }
                segments.remove(first.firstSequence());
                files.delete(first.name());
            }
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "cannot delete old segments of the journal: check the disk", e);
        }
    }

    @Override
    public long sizeBytes() {
        return segments.values().stream().mapToLong(Segment::sizeBytes).sum();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        spare.close();
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("Closing {}", files.location(active.name()), e);
        }
        lock.close();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the journal is closed");
        }
    }
}
