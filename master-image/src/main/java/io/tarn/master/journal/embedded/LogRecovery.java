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

    private static final int ZEROS_BYTES = 1 << 20;

    private final LogFiles files;

    LogRecovery(LogFiles files) {
        this.files = files;
    }

    /** Where the next batch goes: the last segment, and the position in it. */
    record End(Segment segment, long position, long lastSequence, long lastEpoch) {}

    /** The segments by their first sequence; none for a new journal. */
    NavigableMap<Long, Segment> segments() throws IOException {
        NavigableMap<Long, Segment> segments = new TreeMap<>();
        for (String name : files.names()) {
            Long sequence = Segment.sequenceOf(name);
            if (sequence == null) {
                continue;
            }
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH_BYTES);
            files.read(name, bytes, 0);
            SegmentHeader header = SegmentHeader.decode(bytes.flip(), files.location(name));
            if (header.firstSequence() != sequence) {
                throw new TarnException(
                        ErrorCode.CORRUPT,
                        files.location(name) + ", offset 16: holds batches from " + header.firstSequence()
                                + " on, which its name does not say; was it renamed?");
            }
            segments.put(sequence, new Segment(sequence, header.sizeBytes()));
        }
        return segments;
    }

    End findEnd(Segment last) throws IOException {
        SegmentScan scan = new SegmentScan(new SegmentWindow(files, last.name()), last.sizeBytes());
        long position = SegmentHeader.LENGTH_BYTES;
        long next = last.firstSequence();
        long epoch = 0;
        for (Frame frame = scan.frameAt(position, next); frame != null; frame = scan.frameAt(position, next)) {
            position += frame.frameBytes();
            epoch = frame.epoch();
            next++;
        }
        long endOfData = scan.endOfData(position);
        if (endOfData > position) {
            if (!scan.isTorn(position, endOfData)) {
                throw damaged(files.location(last.name()), position, next);
            }
            LOG.warn(
                    "{}: cutting off {} bytes at offset {}, an append of batch {} that was interrupted and never acknowledged",
                    files.location(last.name()),
                    endOfData - position,
                    position,
                    next);
        }
        clear(last, position, endOfData);
        return new End(last, position, next - 1, epoch);
    }

    /** Zeros the remains, restores the length, and makes durable what a killed process may have left in the page cache only. */
    private void clear(Segment segment, long position, long endOfData) throws IOException {
        long actual = files.sizeBytes(segment.name());
        try (LogFiles.WritableLogFile file = files.openForWriting(segment.name())) {
            long to = actual < segment.sizeBytes() ? segment.sizeBytes() : endOfData;
            for (long at = position; at < to; at += ZEROS_BYTES) {
                file.write(ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, to - at)), at);
            }
            file.force();
        }
    }

    static TarnException damaged(String location, long offset, long sequence) {
        return new TarnException(
                ErrorCode.CORRUPT,
                location + ", offset " + offset + ": batch " + sequence
                        + " of the journal is damaged or missing. Nothing after it is used."
                        + " Restore the file from a copy, or the whole master directory from a backup");
    }
}
