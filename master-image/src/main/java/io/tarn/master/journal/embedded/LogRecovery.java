package io.tarn.master.journal.embedded;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the segments and the end of the log when it is opened, and cuts off what a crash left of a batch that was never acknowledged. What comes before the
 * last segment is checked when it is read.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    /** What the operator can do, at the end of each message about damage. */
    static final String WAY_OUT =
            "put the file back from a copy, or restore the master's directory from a backup with \"tarn restore FILE --directory DIR --force\"";

    private static final int SECTOR_BYTES = 4096;
    private static final int ZEROS_BYTES = 1 << 20;

    private final LogFiles files;

    LogRecovery(LogFiles files) {
        this.files = files;
    }

    /** Where the next batch goes: the last segment, and the position in it. */
    record End(Segment segment, long position, long lastSequence, long lastEpoch) {}

    /**
     * The segments by their first sequence; none for a new journal. Only the header of the newest is read: one that nobody needs any more may be damaged, and
     * waits for its deletion.
     */
    NavigableMap<Long, Segment> segments() throws IOException {
        NavigableMap<Long, Segment> segments = new TreeMap<>();
        for (String name : files.names()) {
            Long sequence = Segment.sequenceOf(name);
            if (sequence != null) {
                segments.put(sequence, new Segment(sequence, files.sizeBytes(name)));
            }
        }
        if (!segments.isEmpty()) {
            Segment newest = segments.lastEntry().getValue();
            SegmentHeader header = header(new SegmentWindow(files, newest.name()), newest);
            if (header.sizeBytes() > newest.sizeBytes()) {
                throw new TarnException(
                        ErrorCode.CORRUPT,
                        files.location(newest.name()) + ", offset " + newest.sizeBytes()
                                + ": the file was cut short, it had " + header.sizeBytes() + " bytes; " + WAY_OUT);
            }
            segments.put(newest.firstSequence(), new Segment(newest.firstSequence(), header.sizeBytes()));
        }
        return segments;
    }

    /** @throws TarnException CORRUPT, or UNSUPPORTED, where this cannot be the segment that its name says */
    static SegmentHeader header(SegmentWindow window, Segment segment) throws IOException {
        SegmentHeader header = SegmentHeader.decode(window.at(0, SegmentHeader.LENGTH_BYTES), window.location());
        if (header.firstSequence() != segment.firstSequence()) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    window.location() + ", offset 16: holds batches from " + header.firstSequence()
                            + " on, which its name does not say; was it renamed?");
        }
        return header;
    }

    /**
     * A batch that was damaged after it had been written whole is an error for who reads it, and no matter where the state holds it already.
     *
     * @param newestKnown the segment that is known to have been the newest once, or 0
     */
    End findEnd(Segment last, long newestKnown) throws IOException {
        if (newestKnown > last.firstSequence()) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    files.location(new Segment(newestKnown, 0).name())
                            + ", offset 0: the file is missing, and with it batch " + newestKnown
                            + " of the journal and what followed; " + WAY_OUT);
        }
        SegmentScan scan = new SegmentScan(new SegmentWindow(files, last.name()), last.sizeBytes());
        long position = SegmentHeader.LENGTH_BYTES;
        long lastFrame = position;
        long next = last.firstSequence();
        long epoch = 0;
        TarnException damage = null;
        while (true) {
            Frame frame = scan.frameAt(position, next);
            if (frame == null) {
                frame = scan.damagedFrameAt(position, next);
                if (frame == null) {
                    break;
                }
                damage = damage == null ? damaged(files.location(last.name()), position, next) : damage;
            }
            lastFrame = position;
            position += frame.frameBytes();
            epoch = frame.epoch();
            next++;
        }
        long endOfData = scan.endOfData(position);
        if (endOfData > position) {
            if (!scan.isTorn(position, endOfData)) {
                throw damage == null ? damaged(files.location(last.name()), position, next) : damage;
            }
            LOG.warn(
                    "{}: cutting off {} bytes at offset {}, an append of batch {} that was interrupted and never acknowledged",
                    files.location(last.name()),
                    endOfData - position,
                    position,
                    next);
        }
        if (damage != null) {
            LOG.error("The start goes on, in case the state holds the damaged batch: {}", damage.getMessage());
        }
        rewriteEnd(last, lastFrame, position, endOfData);
        return new End(last, position, next - 1, epoch);
    }

    /**
     * Writes the last frame once more, zeros the remains behind it and forces both. A killed process may have left them in the page cache only; and after a
     * failed fdatasync the kernel takes pages for clean that never reached the disk, so that without the write a further fdatasync would lie.
     */
    private void rewriteEnd(Segment segment, long lastFrame, long position, long endOfData) throws IOException {
        long from = lastFrame / SECTOR_BYTES * SECTOR_BYTES;
        ByteBuffer bytes = ByteBuffer.allocate((int) (position - from));
        files.read(segment.name(), bytes, from);
        try (LogFiles.WritableLogFile file = files.openForWriting(segment.name())) {
            file.write(bytes.flip(), from);
            for (long at = position; at < endOfData; at += ZEROS_BYTES) {
                file.write(ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, endOfData - at)), at);
            }
            file.force();
        }
    }

    static TarnException damaged(String location, long offset, long sequence) {
        return new TarnException(
                ErrorCode.CORRUPT,
                location + ", offset " + offset + ": batch " + sequence
                        + " of the journal is damaged or missing. Nothing after it is used; " + WAY_OUT);
    }
}
