package io.tarn.client.internal.read;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.client.FileReader;
import io.tarn.client.ReadRange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One vectored read: ranges that lie close are fetched together into a buffer of their own, all others straight into the caller's. For one thread. */
final class VectoredRead {
    private final FileReader reader;
    private final List<ReadRange> ranges;
    private final List<CompletableFuture<ByteBuffer>> outcomes = new ArrayList<>();

    VectoredRead(FileReader reader, List<ReadRange> ranges) {
        this.reader = reader;
        this.ranges = ranges;
    }

    /** Outcomes in the order of the ranges; each buffer comes back flipped: what was read lies between its position and limit. */
    List<CompletableFuture<ByteBuffer>> start() {
        ranges.forEach(range -> outcomes.add(new CompletableFuture<>()));
        for (Ranges.Group group : Ranges.combine(ranges)) {
            if (group.indexes().size() == 1) {
                readAlone(group.indexes().get(0));
            } else {
                readTogether(group);
            }
        }
        return List.copyOf(outcomes);
    }

    private void readAlone(int index) {
        ReadRange range = ranges.get(index);
        ByteBuffer into = range.into();
        int start = into.position();
        int wanted = into.remaining();
        var unused = reader.readAsync(range.offset(), into).whenComplete((read, failure) -> {
            if (failure == null && read != wanted) {
                failAt(index, range.offset(), wanted);
            } else {
                finish(index, failure, start);
            }
        });
    }

    private void readTogether(Ranges.Group group) {
        int bytes = (int) (group.end() - group.start());
        ByteBuf scratch = PooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
        ByteBuffer fetched = scratch.nioBuffer(0, bytes);
        var unused = reader.readAsync(group.start(), fetched).whenComplete((read, failure) -> {
            for (int index : group.indexes()) {
                scatter(group.start(), fetched, read == null ? 0 : read, index, failure);
            }
            scratch.release();
        });
    }

    private void scatter(long groupStart, ByteBuffer fetched, int read, int index, Throwable failure) {
        ReadRange range = ranges.get(index);
        ByteBuffer into = range.into();
        int start = into.position();
        int from = (int) (range.offset() - groupStart);
        if (failure == null && from + into.remaining() > read) {
            failAt(index, range.offset(), into.remaining());
            return;
        }
        if (failure == null) {
            into.put(fetched.duplicate().limit(from + into.remaining()).position(from));
        }
        finish(index, failure, start);
    }

    private void finish(int index, Throwable failure, int start) {
        if (failure != null) {
            outcomes.get(index).completeExceptionally(failure);
        } else {
            ByteBuffer into = ranges.get(index).into();
            outcomes.get(index).complete(into.limit(into.position()).position(start));
        }
    }

    private void failAt(int index, long offset, int bytes) {
        outcomes.get(index)
                .completeExceptionally(new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        bytes + " bytes at " + offset + " reach beyond the end of "
                                + reader.info().path()));
    }
}
