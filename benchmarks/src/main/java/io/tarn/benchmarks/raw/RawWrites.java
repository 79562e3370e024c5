package io.tarn.benchmarks.raw;

import io.tarn.benchmarks.measure.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Plain writes: of whole files, and of small records each followed by fsync. */
public final class RawWrites {
    private static final int RECORD_BYTES = 4096;

    private RawWrites() {}

    /** Writes a file of {@code lengthBytes} in steps of the buffer, and deletes it; one file an operation. */
    public static Operation files(Path file, long lengthBytes, ByteBuffer buffer) {
        return () -> {
            write(file, lengthBytes, buffer);
            Files.delete(file);
            return lengthBytes;
        };
    }

    /** Writes a file of {@code lengthBytes}, the buffer's content again and again. */
    public static void write(Path file, long lengthBytes, ByteBuffer buffer) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long written = 0; written < lengthBytes; ) {
                buffer.rewind();
                written += channel.write(buffer);
            }
        }
    }

    /** Appends a record to a file and forces it to the disk: the most that a journal without group commit can do. */
    public static Operation fsync(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        ByteBuffer buffer = ByteBuffer.allocateDirect(RECORD_BYTES);
        return new Operation() {
            @Override
            public long run() throws IOException {
                buffer.clear();
                channel.write(buffer);
                channel.force(false);
                return RECORD_BYTES;
            }

            @Override
            public void close() throws IOException {
                channel.close();
                Files.delete(file);
            }
        };
    }
}
