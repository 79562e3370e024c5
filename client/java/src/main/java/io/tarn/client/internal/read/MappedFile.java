package io.tarn.client.internal.read;

import io.tarn.client.internal.data.DescriptorSource;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A wholly cached file of the local worker, mapped into memory from descriptors that the worker handed out: such a file is never punched or changed, only
 * unlinked. Thread-safe: the mapping goes away when {@link #close} was called and the last reader has left.
 */
final class MappedFile {
    private static final long CHUNK_BYTES = 1L << 30;

    private final List<List<MappedByteBuffer>> segments;
    private final long segmentLengthBytes;
    private final AtomicInteger users = new AtomicInteger(1);

    private MappedFile(List<List<MappedByteBuffer>> segments, long segmentLengthBytes) {
        this.segments = segments;
        this.segmentLengthBytes = segmentLengthBytes;
    }

    /** Maps and closes the descriptors. @throws IOException where the system does not allow it or a file is too short */
    static MappedFile of(DescriptorSource.Export export, long lengthBytes) throws IOException {
        List<List<MappedByteBuffer>> segments = new ArrayList<>();
        try {
            long segmentLength = export.segmentLengthBytes() > 0 ? export.segmentLengthBytes() : lengthBytes;
            long mapped = 0;
            for (var descriptor : export.descriptors()) {
                long wanted = Math.min(segmentLength, lengthBytes - mapped);
                segments.add(map(descriptor.intValue(), wanted));
                mapped += wanted;
            }
            if (mapped != lengthBytes) {
                throw new TarnException(ErrorCode.MALFORMED, "segments of " + mapped + " of " + lengthBytes + " bytes");
            }
            return new MappedFile(segments, segmentLength);
        } catch (IOException e) {
            segments.forEach(Mappings::unmap);
            throw e;
        } finally {
            export.close();
        }
    }

    /** Java has no other way to a file channel on a descriptor than its name under /proc. */
    private static List<MappedByteBuffer> map(int descriptor, long lengthBytes) throws IOException {
        List<MappedByteBuffer> chunks = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(Path.of("/proc/self/fd/" + descriptor), StandardOpenOption.READ)) {
            if (channel.size() < lengthBytes) {
                throw new TarnException(ErrorCode.MALFORMED, "a segment shorter than the worker said");
            }
            for (long offset = 0; offset < lengthBytes; offset += CHUNK_BYTES) {
                chunks.add(channel.map(
                        FileChannel.MapMode.READ_ONLY, offset, Math.min(CHUNK_BYTES, lengthBytes - offset)));
            }
            return chunks;
        }
    }

    /** @return false when it is closed; else the caller reads, then calls {@link #leave} */
    boolean enter() {
        int before = users.get();
        while (before > 0) {
            if (users.compareAndSet(before, before + 1)) {
                return true;
            }
            before = users.get();
        }
        return false;
    }

    void leave() {
        if (users.decrementAndGet() == 0) {
            segments.forEach(Mappings::unmap);
        }
    }

    /** Copies {@code count} bytes, which lie within the file, to {@code into}, whose position moves. */
    void copy(long position, ByteBuffer into, int count) {
        int left = count;
        long from = position;
        while (left > 0) {
            long inSegment = from % segmentLengthBytes;
            MappedByteBuffer chunk =
                    segments.get((int) (from / segmentLengthBytes)).get((int) (inSegment / CHUNK_BYTES));
            int start = (int) (inSegment % CHUNK_BYTES);
            int step = Math.min(left, chunk.capacity() - start);
            into.put(into.position(), chunk, start, step);
            into.position(into.position() + step);
            from += step;
            left -= step;
        }
    }

    /** Call once. */
    void close() {
        leave();
    }
}
