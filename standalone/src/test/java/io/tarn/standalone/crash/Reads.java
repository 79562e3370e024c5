package io.tarn.standalone.crash;

import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/** Reads that check each byte. */
final class Reads {
    private static final int PIECE_BYTES = 1 << 20;

    private Reads() {}

    /** The whole of a file, and its end. */
    static void checkAll(TarnClient client, String path, Content content) throws TarnException {
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            check(path, reader, content, 0);
        }
    }

    /** From an offset to the end, and that it is the end. */
    static void check(String path, FileReader reader, Content content, int offset) throws TarnException {
        int at = offset;
        int end = content.lengthBytes();
        while (at < end) {
            ByteBuffer expected = content.bytes(at, PIECE_BYTES);
            ByteBuffer found = ByteBuffer.allocate(expected.remaining());
            if (reader.read(at, found) <= 0) {
                throw new AssertionError(path + " ends at byte " + at + ", not at " + end);
            }
            requireSame(path, at, expected.limit(found.position()), found.flip());
            at += found.limit();
        }
        if (reader.read(end, ByteBuffer.allocate(1)) > 0) {
            throw new AssertionError(path + " goes on after byte " + end);
        }
    }

    static void requireSame(String path, int offset, ByteBuffer expected, ByteBuffer found) {
        int difference = expected.mismatch(found);
        if (difference >= 0) {
            throw new AssertionError(path + " has wrong bytes from " + (offset + difference) + " on");
        }
    }
}
