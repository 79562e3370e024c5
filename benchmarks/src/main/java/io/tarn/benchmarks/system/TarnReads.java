package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Operation;
import io.tarn.benchmarks.raw.Offsets;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads through Tarn, each thread with a reader of its own. */
final class TarnReads {
    private TarnReads() {}

    /** Reads from {@code offset} on until the whole buffer is full. */
    static void fill(FileReader reader, String path, long offset, ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            int read = reader.read(offset + buffer.position(), buffer);
            if (read < 0) {
                throw new IOException("end of " + path + " at " + (offset + buffer.position()));
            }
        }
    }

    /** By the Java client, into a direct buffer. */
    static Operation java(TarnClient client, String path, Offsets offsets, int lengthBytes) throws IOException {
        FileReader reader = client.open(path, OpenOptions.DEFAULT);
        ByteBuffer buffer = ByteBuffer.allocateDirect(lengthBytes);
        return new Operation() {
            @Override
            public long run() throws IOException {
                fill(reader, path, offsets.next(), buffer);
                return lengthBytes;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    /** By Hadoop's stream, positioned, into an array on the heap: that is what its users have. */
    static Operation hadoop(FileSystem fileSystem, String path, Offsets offsets, int lengthBytes) throws IOException {
        FSDataInputStream in = fileSystem.open(new Path(path));
        byte[] buffer = new byte[lengthBytes];
        return new Operation() {
            @Override
            public long run() throws IOException {
                in.readFully(offsets.next(), buffer, 0, lengthBytes);
                return lengthBytes;
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    static FileSystem fileSystem(String master) throws IOException {
        return FileSystem.newInstance(URI.create("tarn://" + master + "/"), new Configuration());
    }
}
