package io.tarn.master.journal.embedded;

import io.tarn.master.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Says what lies where in a segment: whole frames, the end, the remains of a write that power cut short, or damage. For one thread. */
final class SegmentScan {
    private static final int SECTOR_BYTES = 512;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(SECTOR_BYTES);
    private static final int MAX_FRAME_BYTES = Frame.frameBytes(Journal.MAX_BATCH_BYTES);

    private final SegmentWindow window;
    private final long sizeBytes;

    SegmentScan(SegmentWindow window, long sizeBytes) {
        this.window = window;
        this.sizeBytes = sizeBytes;
    }

    /** The whole frame of batch {@code sequence} at {@code position}, or null. */
    @Nullable
    Frame frameAt(long position, long sequence) throws IOException {
        Frame frame = headerAt(position);
        return frame != null && frame.sequence() == sequence && isWhole(frame, position) ? frame : null;
    }

    /** The header of batch {@code sequence} at {@code position}, or null; what follows it may be damaged. */
    @Nullable
    Frame headerAt(long position, long sequence) throws IOException {
        Frame frame = headerAt(position);
        return frame != null && frame.sequence() == sequence ? frame : null;
    }

    /** The frame of batch {@code sequence} where it was written whole and its batch was damaged later; null where it is whole, torn, or its header damaged. */
    @Nullable
    Frame damagedFrameAt(long position, long sequence) throws IOException {
        Frame frame = headerAt(position, sequence);
        if (frame == null || isWhole(frame, position)) {
            return null;
        }
        long endOfData = endOfData(position);
        return isTorn(position, endOfData) ? null : frame;
    }

    /** The batch of a whole frame. */
    byte[] batch(Frame frame, long position) throws IOException {
        ByteBuffer batch = frame.batch(window.at(position, frame.frameBytes()));
        byte[] bytes = new byte[frame.lengthBytes()];
        batch.get(bytes);
        return bytes;
    }

    /** Position after the last byte that is not zero, at or after {@code position}; {@code position} where all are zeros. */
    long endOfData(long position) throws IOException {
        long end = position;
        for (long at = position; at < sizeBytes; at += SECTOR_BYTES) {
            int length = (int) Math.min(SECTOR_BYTES, sizeBytes - at);
            ByteBuffer bytes = window.at(at, length);
            if (!isZero(bytes)) {
                int last = length - 1;
                while (bytes.get(last) == 0) {
                    last--;
                }
                end = at + last + 1;
            }
        }
        return end;
    }

    /**
     * Whether what follows the last whole frame can be a write that was cut short and so never acknowledged: it is at most one frame long, no other frame
     * lies behind it, and whole sectors or its end are missing.
     */
    boolean isTorn(long position, long endOfData) throws IOException {
        if (endOfData - position > MAX_FRAME_BYTES) {
            return false;
        }
        Frame frame = headerAt(position);
        long behind = position + (frame == null ? Frame.ALIGNMENT : frame.frameBytes());
        for (long at = behind; at + Frame.HEADER_BYTES <= endOfData; at += Frame.ALIGNMENT) {
            if (headerAt(at) != null) {
                return false;
            }
        }
        if (frame == null) {
            return missesSector(position, position + Frame.HEADER_BYTES) || endOfData <= position + Frame.HEADER_BYTES;
        }
        long end = position + frame.frameBytes();
        return endOfData < end || missesSector(position, end);
    }

    /** Whether the part of some sector that lies within the range is all zeros. */
    private boolean missesSector(long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            long end = Math.min(to, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (isZero(window.at(at, (int) (end - at)))) {
                return true;
            }
            at = end;
        }
        return false;
    }

    private @Nullable Frame headerAt(long position) throws IOException {
        if (position + Frame.HEADER_BYTES > sizeBytes) {
            return null;
        }
        Frame frame = Frame.decodeHeader(window.at(position, Frame.HEADER_BYTES), Journal.MAX_BATCH_BYTES);
        return frame != null && position + frame.frameBytes() <= sizeBytes ? frame : null;
    }

    private boolean isWhole(Frame frame, long position) throws IOException {
        return frame.isWhole(window.at(position, frame.frameBytes()));
    }

    private static boolean isZero(ByteBuffer bytes) {
        return bytes.mismatch(ZEROS.duplicate().limit(bytes.remaining())) < 0;
    }
}
