package io.tarn.understore.s3;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of the part that is being filled: small at first, so that many small files cost little. Used by one thread at a time. */
final class PartBuffer {
    private static final int FIRST_BYTES = 64 << 10;

    private final UploadBuffers buffers;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    PartBuffer(UploadBuffers buffers) {
        this.buffers = buffers;
    }

    /** Takes as much as fits. */
    void take(ByteBuffer from) {
        int count = Math.min(from.remaining(), buffers.partBytes() - length);
        grow(length + count);
        from.get(bytes, length, count);
        length += count;
    }

    private void grow(int needed) {
        if (needed <= bytes.length) {
            return;
        }
        if (needed > buffers.partBytes() / 4) {
            byte[] whole = buffers.take();
            System.arraycopy(bytes, 0, whole, 0, length);
            bytes = whole;
        } else {
            bytes = Arrays.copyOf(bytes, Integer.highestOneBit(needed) * 2);
        }
    }

    boolean full() {
        return length == buffers.partBytes();
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void giveBack() {
        buffers.giveBack(bytes);
    }
}
