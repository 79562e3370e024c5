package io.tarn.master.journal.embedded;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One batch in a segment, at a multiple of 8 bytes, big-endian: magic (4), length of the batch (4), sequence (8), epoch (8), CRC32C of the batch (4), CRC32C
 * of the 28 bytes before (4), the batch, zeros up to a multiple of 8, end mark (8).
 *
 * <p>Each word of the header and the end mark hold a byte that is not zero. A frame that was being written when power failed misses whole sectors, or its end;
 * both read as zeros in a preallocated file, which is how such a frame differs from one that was damaged later.
 */
record Frame(int lengthBytes, long sequence, long epoch, int checksum) {
    static final int HEADER_BYTES = 32;
    static final int END_BYTES = 8;
    static final int ALIGNMENT = 8;
    static final int MAGIC = 0xB47C_F7A1;
    private static final int CHECKED_BYTES = HEADER_BYTES - 4;
    private static final long END_MARK = 0xE7D5_A9B3_97CB_6DF5L;

    /** Bytes that a batch of {@code lengthBytes} takes in a segment. */
    static int frameBytes(int lengthBytes) {
        return HEADER_BYTES + padded(lengthBytes) + END_BYTES;
    }

    private static int padded(int lengthBytes) {
        return (lengthBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    int frameBytes() {
        return frameBytes(lengthBytes);
    }

    /** Puts the frame of a batch into {@code target}. */
    static void encode(long sequence, long epoch, byte[] batch, ByteBuffer target) {
        int start = target.position();
        target.putInt(MAGIC).putInt(batch.length).putLong(sequence).putLong(epoch);
        target.putInt(checksum(ByteBuffer.wrap(batch)));
        target.putInt(checksum(target.duplicate().flip().position(start)));
        target.put(batch);
        for (int pad = padded(batch.length) - batch.length; pad > 0; pad--) {
            target.put((byte) 0);
        }
        target.putLong(END_MARK);
    }

    /** Reads a header, or null where the bytes are none. */
    static @Nullable Frame decodeHeader(ByteBuffer bytes, int maxLengthBytes) {
        int start = bytes.position();
        if (bytes.getInt(start) != MAGIC
                || bytes.getInt(start + CHECKED_BYTES)
                        != checksum(bytes.duplicate().limit(start + CHECKED_BYTES))) {
            return null;
        }
        Frame frame = new Frame(
                bytes.getInt(start + 4), bytes.getLong(start + 8), bytes.getLong(start + 16), bytes.getInt(start + 24));
        return frame.lengthBytes > 0 && frame.lengthBytes <= maxLengthBytes ? frame : null;
    }

    /** Whether {@code bytes}, a whole frame with this header, hold the batch that was written. */
    boolean isWhole(ByteBuffer bytes) {
        int start = bytes.position();
        return bytes.getLong(start + frameBytes() - END_BYTES) == END_MARK && checksum(batch(bytes)) == checksum;
    }

    /** The batch within the bytes of a whole frame. */
    ByteBuffer batch(ByteBuffer bytes) {
        return bytes.slice(bytes.position() + HEADER_BYTES, lengthBytes);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
