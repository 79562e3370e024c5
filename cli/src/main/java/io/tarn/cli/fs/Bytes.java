package io.tarn.cli.fs;

import io.tarn.cli.output.BrokenPipeException;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;

/** Moves the bytes of files, a buffer at a time. */
final class Bytes {
    /** Large enough that a round trip to a worker is small beside the copying. */
    static final int BUFFER_BYTES = 4 << 20;

    private Bytes() {}

    /** What takes a range of bytes. */
    interface Sink {
        void write(byte[] bytes, int lengthBytes) throws IOException;
    }

    /** Reads {@code [from, to)}, or to the end of the file where that comes first. */
    static void read(FileReader reader, long from, long to, Sink sink) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(1, Math.min(BUFFER_BYTES, to - from)));
        long position = from;
        while (position < to) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), to - position));
            int count = reader.read(position, buffer);
            if (count < 0) {
                return;
            }
            sink.write(buffer.array(), count);
            position += count;
        }
    }

    /** A sink that notices when nobody reads the output any more. */
    static Sink to(PrintStream out) {
        return (bytes, lengthBytes) -> {
            out.write(bytes, 0, lengthBytes);
            if (out.checkError()) {
                throw new BrokenPipeException();
            }
        };
    }

    static Sink to(OutputStream out) {
        return (bytes, lengthBytes) -> out.write(bytes, 0, lengthBytes);
    }

    static Sink to(FileWriter writer) {
        return (bytes, lengthBytes) -> writer.write(ByteBuffer.wrap(bytes, 0, lengthBytes));
    }

    /** Copies a stream to its end. */
    static void copy(InputStream in, Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.readNBytes(buffer, 0, buffer.length);
                count > 0;
                count = in.readNBytes(buffer, 0, buffer.length)) {
            sink.write(buffer, count);
        }
    }
}
