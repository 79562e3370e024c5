package io.tarn.benchmarks.raw;

import io.tarn.benchmarks.measure.Operation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Plain reads of a file into a direct buffer. */
public final class RawFileReads {
    private RawFileReads() {}

    /** Positioned reads of a channel, one for each thread. */
    public static Operation channel(Path file, Offsets offsets, int lengthBytes) throws IOException {
        FileChannel channel = FileChannel.open(file);
        ByteBuffer buffer = ByteBuffer.allocateDirect(lengthBytes);
        return new Operation() {
            @Override
            public long run() throws IOException {
                buffer.clear();
                return channel.read(buffer, offsets.next());
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** Copies out of a mapping of the whole file. */
    public static Operation mapping(Path file, Offsets offsets, int lengthBytes) throws IOException {
        MemorySegment mapping;
        try (FileChannel channel = FileChannel.open(file)) {
            mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
        MemorySegment target = Arena.ofAuto().allocate(lengthBytes);
        return () -> {
            MemorySegment.copy(mapping, offsets.next(), target, 0, lengthBytes);
            return lengthBytes;
        };
    }
}
