package io.tarn.standalone.history;

import java.nio.ByteBuffer;
import java.util.Random;

/** A value as the content of a file: told by its first eight bytes, which all others follow from. Stateless. */
final class Worth {
    private static final int LONGEST_BYTES = 200_000;

    private Worth() {}

    static byte[] bytes(long value) {
        Random random = new Random(value);
        byte[] bytes = new byte[Long.BYTES + random.nextInt(LONGEST_BYTES)];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(value);
        return bytes;
    }

    /** @throws AssertionError where the bytes are not those of any value */
    static long value(String path, byte[] bytes) {
        long value = bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
        if (!java.util.Arrays.equals(bytes, bytes(value))) {
            throw new AssertionError(path + " has " + bytes.length + " bytes that nobody wrote, as of value " + value);
        }
        return value;
    }
}
