package io.tarn.client.internal.read;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.client.OpenOptions.AccessPattern;
import io.tarn.client.internal.call.Waiting;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Serves small sequential reads out of chunks fetched ahead: at most two of {@link #LARGEST_CHUNK_BYTES}. Recognises one stream; whoever reads elsewhere, or
 * at the same time as another thread, is sent the direct way. Thread-safe.
 */
final class ReadAhead {
    static final int LARGEST_CHUNK_BYTES = 1 << 20;

    private static final int FIRST_CHUNK_BYTES = 128 << 10;

    private final WorkerFile file;
    private final long lengthBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final boolean wanted;
    private long expected;
    private int chunkBytes;
    private @Nullable Chunk current;
    private @Nullable Chunk next;
    private boolean closed;

    ReadAhead(WorkerFile file, long lengthBytes, AccessPattern pattern) {
        this.file = file;
        this.lengthBytes = lengthBytes;
        this.wanted = pattern != AccessPattern.RANDOM;
        this.chunkBytes = pattern == AccessPattern.SEQUENTIAL ? LARGEST_CHUNK_BYTES / 2 : FIRST_CHUNK_BYTES;
    }

    private record Chunk(long start, int bytes, ByteBuf buffer, CompletableFuture<Integer> filled) {
        long end() {
            return start + bytes;
        }

        boolean holds(long position) {
            return position >= start && position < end();
        }

        /** The buffer goes back once nobody writes into it any more. */
        void drop() {
            var unused = filled.whenComplete((done, failure) -> buffer.release());
        }
    }

    /**
     * Reads {@code count} bytes, which lie within the file.
     *
     * @return whether it did; false: read directly
     */
    boolean read(long position, ByteBuffer into, int count) throws TarnException {
        if (!wanted || !lock.tryLock()) {
            return false;
        }
        try {
            boolean here = holds(current, position) || holds(next, position);
            boolean sequential = here || position == expected;
            expected = position + count;
            if (!sequential || closed || count > LARGEST_CHUNK_BYTES / 4) {
                return false;
            }
            copy(position, into, count);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void copy(long position, ByteBuffer into, int count) throws TarnException {
        long from = position;
        int left = count;
        while (left > 0) {
            Chunk chunk = chunkAt(from);
            fetchAhead(chunk, from);
            int filled = waitFor(chunk);
            int start = (int) (from - chunk.start);
            int step = Math.min(left, filled - start);
            ByteBuffer bytes = chunk.buffer.internalNioBuffer(start, step);
            into.put(bytes);
            from += step;
            left -= step;
        }
    }

    private Chunk chunkAt(long position) {
        if (!holds(current, position)) {
            Chunk successor = next;
            drop(current);
            if (successor != null && successor.holds(position)) {
                current = successor;
                next = null;
                chunkBytes = Math.min(LARGEST_CHUNK_BYTES, chunkBytes * 2);
            } else {
                drop(successor);
                next = null;
                current = fetch(position);
            }
        }
        Chunk chunk = current;
        if (chunk == null) {
            throw new AssertionError("a chunk was just set");
        }
        return chunk;
    }

    /** Half way through a chunk the next one is asked for. */
    private void fetchAhead(Chunk chunk, long position) {
        if (next == null && position - chunk.start >= chunk.bytes / 2 && chunk.end() < lengthBytes) {
            next = fetch(chunk.end());
        }
    }

    /** Chunks end at multiples of their size, so that large ones are whole pages, which the worker sends without touching them. */
    private Chunk fetch(long start) {
        long end = (start + chunkBytes) / chunkBytes * chunkBytes;
        int bytes = (int) (Math.min(end, lengthBytes) - start);
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
        return new Chunk(start, bytes, buffer, file.read(start, buffer.nioBuffer(0, bytes), FrameHeader.SEQUENTIAL));
    }

    private int waitFor(Chunk chunk) throws TarnException {
        try {
            int filled = Waiting.on(chunk.filled);
            if (filled < chunk.bytes) {
                throw Ranges.shorter(chunk.start, chunk.bytes, filled);
            }
            return filled;
        } catch (TarnException e) {
            dropAll();
            throw e;
        }
    }

    private static boolean holds(@Nullable Chunk chunk, long position) {
        return chunk != null && chunk.holds(position);
    }

    private static void drop(@Nullable Chunk chunk) {
        if (chunk != null) {
            chunk.drop();
        }
    }

    private void dropAll() {
        drop(current);
        drop(next);
        current = null;
        next = null;
    }

    /** Gives the buffers back, as when a stream is done for now; the next read may fetch again. */
    void release() {
        lock.lock();
        try {
            dropAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            dropAll();
        } finally {
            lock.unlock();
        }
    }
}
