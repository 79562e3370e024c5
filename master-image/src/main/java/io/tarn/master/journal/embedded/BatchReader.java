package io.tarn.master.journal.embedded;

import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads committed batches in order, while others may be appended. For one thread. */
final class BatchReader implements Iterator<Journal.Batch> {
    private final LogFiles files;
    private final NavigableMap<Long, Segment> segments;
    private final LongSupplier lastSequence;
    private long next;
    private @Nullable Segment segment;
    private @Nullable SegmentWindow window;
    private long position;

    /** @param fromSequence is held by one of the segments, or the next to be appended */
    BatchReader(LogFiles files, NavigableMap<Long, Segment> segments, LongSupplier lastSequence, long fromSequence) {
        this.files = files;
        this.segments = segments;
        this.lastSequence = lastSequence;
        this.next = fromSequence;
    }

    @Override
    public boolean hasNext() {
        return next <= lastSequence.getAsLong();
    }

    @Override
    public Journal.Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("batch " + next + " has not been appended");
        }
        try {
            return read();
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(new TarnException(
                    ErrorCode.NOT_FOUND, "batch " + next + " has been trimmed from the journal: take a checkpoint", e));
        } catch (TarnException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(new TarnException(
                    ErrorCode.UNAVAILABLE, "cannot read batch " + next + " of the journal: check the disk", e));
        }
    }

    private Journal.Batch read() throws IOException {
        Map.Entry<Long, Segment> entry = segments.floorEntry(next);
        if (entry == null) {
            throw new NoSuchFileException("segment of batch " + next);
        }
        Segment here = entry.getValue();
        SegmentWindow through = window;
        if (through == null || !here.equals(segment)) {
            through = new SegmentWindow(files, here.name());
            segment = here;
            window = through;
            position = SegmentHeader.LENGTH_BYTES;
            var unused = LogRecovery.header(through, here);
            skip(new SegmentScan(through, here.sizeBytes()), through, here.firstSequence());
        }
        SegmentScan scan = new SegmentScan(through, here.sizeBytes());
        Frame frame = frame(scan, through, next);
        Journal.Batch batch = new Journal.Batch(next, frame.epoch(), scan.batch(frame, position));
        position += frame.frameBytes();
        next++;
        return batch;
    }

    /** Passes over batches that nobody wants; damage in them is no matter. */
    private void skip(SegmentScan scan, SegmentWindow through, long firstSequence) throws IOException {
        for (long sequence = firstSequence; sequence < next; sequence++) {
            Frame header = scan.headerAt(position, sequence);
            if (header == null) {
                throw LogRecovery.damaged(through.location(), position, sequence);
            }
            position += header.frameBytes();
        }
    }

    private Frame frame(SegmentScan scan, SegmentWindow through, long sequence) throws IOException {
        Frame frame = scan.frameAt(position, sequence);
        if (frame == null) {
            through.refresh();
            frame = scan.frameAt(position, sequence);
        }
        if (frame == null) {
            throw LogRecovery.damaged(through.location(), position, sequence);
        }
        return frame;
    }
}
