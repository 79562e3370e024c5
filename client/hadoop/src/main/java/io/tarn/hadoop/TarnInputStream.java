package io.tarn.hadoop;

import io.tarn.client.FileReader;
import io.tarn.protocol.error.TarnException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.ByteBufferPositionedReadable;
import org.apache.hadoop.fs.ByteBufferReadable;
import org.apache.hadoop.fs.CanSetReadahead;
import org.apache.hadoop.fs.CanUnbuffer;
import org.apache.hadoop.fs.FSExceptionMessages;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.fs.statistics.StreamStatisticNames;
import org.jspecify.annotations.Nullable;

/** Reads one file. Positioned and vectored reads may come from many threads at a time; the stream's own position is for one. */
final class TarnInputStream extends FSInputStream
        implements ByteBufferReadable,
                ByteBufferPositionedReadable,
                CanSetReadahead,
                CanUnbuffer,
                StreamCapabilities,
                IOStatisticsSource {
    private final String path;
    private final long lengthBytes;
    private final FileReader reader;
    private final FileSystem.@Nullable Statistics statistics;
    private final StreamFigures figures = new StreamFigures(
            StreamStatisticNames.STREAM_READ_BYTES,
            StreamStatisticNames.STREAM_READ_OPERATIONS,
            StreamStatisticNames.STREAM_READ_SEEK_OPERATIONS,
            StreamStatisticNames.STREAM_READ_FULLY_OPERATIONS,
            StreamStatisticNames.STREAM_READ_VECTORED_OPERATIONS,
            StreamStatisticNames.STREAM_READ_VECTORED_INCOMING_RANGES);
    private final LongAdder bytesRead = figures.counter(StreamStatisticNames.STREAM_READ_BYTES);
    private final LongAdder reads = figures.counter(StreamStatisticNames.STREAM_READ_OPERATIONS);
    private final LongAdder seeks = figures.counter(StreamStatisticNames.STREAM_READ_SEEK_OPERATIONS);
    private final LongAdder fullReads = figures.counter(StreamStatisticNames.STREAM_READ_FULLY_OPERATIONS);
    private long position;
    private volatile boolean closed;

    TarnInputStream(FileReader reader, FileSystem.@Nullable Statistics statistics) {
        this.path = reader.info().path();
        this.lengthBytes = reader.info().lengthBytes();
        this.reader = reader;
        this.statistics = statistics;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return advance(readAt(position, ByteBuffer.wrap(into, offset, length)));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return advance(readAt(position, into));
    }

    @Override
    public int read(long from, byte[] into, int offset, int length) throws IOException {
        validatePositionedReadArgs(from, into, offset, length);
        return readAt(from, ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public int read(long from, ByteBuffer into) throws IOException {
        if (from < 0) {
            throw new EOFException(FSExceptionMessages.NEGATIVE_SEEK + ": " + from);
        }
        return readAt(from, into);
    }

    @Override
    public void readFully(long from, byte[] into, int offset, int length) throws IOException {
        validatePositionedReadArgs(from, into, offset, length);
        readFully(from, ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public void readFully(long from, ByteBuffer into) throws IOException {
        fullReads.increment();
        requireOpen();
        if (from < 0 || into.remaining() > lengthBytes - from) {
            throw new EOFException(FSExceptionMessages.EOF_IN_READ_FULLY + " of " + path);
        }
        if (into.hasRemaining() && readAt(from, into) < 0) {
            throw new EOFException(FSExceptionMessages.EOF_IN_READ_FULLY + " of " + path);
        }
    }

    private int readAt(long from, ByteBuffer into) throws IOException {
        requireOpen();
        try {
            int count = reader.read(from, into);
            reads.increment();
            count(count);
            return count;
        } catch (TarnException e) {
            throw HadoopErrors.of(path, e);
        }
    }

    private int advance(int count) {
        position += Math.max(0, count);
        return count;
    }

    private void count(long bytes) {
        if (bytes > 0) {
            bytesRead.add(bytes);
            if (statistics != null) {
                statistics.incrementBytesRead(bytes);
            }
        }
    }

    @Override
    public void readVectored(List<? extends FileRange> ranges, IntFunction<ByteBuffer> allocate) throws IOException {
        readVectored(ranges, allocate, unused -> {});
    }

    @Override
    public void readVectored(
            List<? extends FileRange> ranges, IntFunction<ByteBuffer> allocate, Consumer<ByteBuffer> release)
            throws IOException {
        requireOpen();
        RangeRequests requests = RangeRequests.of(path, ranges, lengthBytes);
        figures.counter(StreamStatisticNames.STREAM_READ_VECTORED_OPERATIONS).increment();
        figures.counter(StreamStatisticNames.STREAM_READ_VECTORED_INCOMING_RANGES)
                .add(ranges.size());
        requests.read(reader, allocate, release);
        count(requests.totalBytes());
    }

    @Override
    public void seek(long target) throws IOException {
        requireOpen();
        if (target < 0) {
            throw new EOFException(FSExceptionMessages.NEGATIVE_SEEK + ": " + target);
        }
        if (target > lengthBytes) {
            throw new EOFException(FSExceptionMessages.CANNOT_SEEK_PAST_EOF + ": " + target + " in " + path);
        }
        if (target != position) {
            seeks.increment();
            position = target;
        }
    }

    @Override
    public long skip(long count) throws IOException {
        long step = Math.max(0, Math.min(count, lengthBytes - position));
        seek(position + step);
        return step;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public int available() throws IOException {
        requireOpen();
        return (int) Math.min(Integer.MAX_VALUE, lengthBytes - position);
    }

    /** There is one version of an open file and one source of it. */
    @Override
    public boolean seekToNewSource(long target) {
        return false;
    }

    /** A hint that is not needed: Tarn sizes its read-ahead by what it sees. */
    @Override
    public void setReadahead(@Nullable Long readahead) throws IOException {
        requireOpen();
    }

    /** Nothing to do: buffers are small and bounded, connections are shared. */
    @Override
    public void unbuffer() {}

    @Override
    public boolean hasCapability(String capability) {
        return switch (capability.toLowerCase(Locale.ROOT)) {
            case StreamCapabilities.READBYTEBUFFER,
                    StreamCapabilities.PREADBYTEBUFFER,
                    StreamCapabilities.READAHEAD,
                    StreamCapabilities.UNBUFFER,
                    StreamCapabilities.VECTOREDIO,
                    StreamCapabilities.IOSTATISTICS -> true;
            default -> false;
        };
    }

    @Override
    public IOStatistics getIOStatistics() {
        return figures;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(path + ": " + FSExceptionMessages.STREAM_IS_CLOSED);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            reader.close();
        }
        super.close();
    }

    @Override
    public String toString() {
        return "TarnInputStream[" + path + " at " + position + " of " + lengthBytes + ", " + figures + "]";
    }
}
