package io.tarn.hadoop;

import io.tarn.client.FileReader;
import io.tarn.client.ReadRange;
import io.tarn.protocol.error.TarnException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.FileRange;

/** The ranges of one vectored read, checked as Hadoop's specification demands. For one thread. */
final class RangeRequests {
    private final String path;
    private final List<FileRange> ranges;

    private RangeRequests(String path, List<FileRange> ranges) {
        this.path = path;
        this.ranges = ranges;
    }

    /**
     * Checks the ranges.
     *
     * @throws EOFException where one lies before the start or beyond the end of the file
     * @throws IllegalArgumentException where one has a negative length or two overlap
     */
    static RangeRequests of(String path, List<? extends FileRange> ranges, long fileLength) throws EOFException {
        List<FileRange> sorted = new ArrayList<>();
        for (FileRange range : Objects.requireNonNull(ranges, "no ranges")) {
            Objects.requireNonNull(range, "a range that is null");
            if (range.getLength() < 0) {
                throw new IllegalArgumentException("a range of " + range.getLength() + " bytes");
            }
            if (range.getOffset() < 0 || range.getOffset() + range.getLength() > fileLength) {
                throw new EOFException(path + " has " + fileLength + " bytes, the range " + range + " is not in it");
            }
            sorted.add(range);
        }
        sorted.sort(Comparator.comparingLong(FileRange::getOffset));
        for (int index = 1; index < sorted.size(); index++) {
            FileRange before = sorted.get(index - 1);
            if (before.getOffset() + before.getLength() > sorted.get(index).getOffset()) {
                throw new IllegalArgumentException(
                        "overlapping ranges " + before + " and " + sorted.get(index) + " of " + path);
            }
        }
        return new RangeRequests(path, sorted);
    }

    long totalBytes() {
        return ranges.stream().mapToLong(FileRange::getLength).sum();
    }

    /** Starts the read; each range gets its future. Buffers of ranges that fail are given back to {@code release}. */
    void read(FileReader reader, IntFunction<ByteBuffer> allocate, Consumer<ByteBuffer> release) {
        Objects.requireNonNull(release, "nowhere to give buffers back to");
        List<ReadRange> wanted = new ArrayList<>();
        for (FileRange range : ranges) {
            ByteBuffer into = allocate.apply(range.getLength());
            wanted.add(new ReadRange(range.getOffset(), into.limit(into.position() + range.getLength())));
        }
        List<CompletableFuture<ByteBuffer>> outcomes = reader.readVectored(wanted);
        for (int index = 0; index < outcomes.size(); index++) {
            ByteBuffer into = wanted.get(index).into();
            ranges.get(index).setData(outcomes.get(index).handle((read, failure) -> {
                if (failure == null) {
                    return read;
                }
                release.accept(into);
                throw new CompletionException(asIo(failure));
            }));
        }
    }

    private IOException asIo(Throwable failure) {
        Throwable cause =
                failure.getCause() != null && !(failure instanceof TarnException) ? failure.getCause() : failure;
        return cause instanceof TarnException known ? HadoopErrors.of(path, known) : new IOException(path, cause);
    }
}
