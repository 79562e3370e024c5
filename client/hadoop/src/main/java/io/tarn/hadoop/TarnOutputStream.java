package io.tarn.hadoop;

import io.tarn.client.FileWriter;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hadoop.fs.FSExceptionMessages;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.fs.statistics.StreamStatisticNames;
import org.jspecify.annotations.Nullable;

/** Writes one file, from start to end. Others see it only when it is closed. For one thread at a time. */
final class TarnOutputStream extends OutputStream implements Syncable, StreamCapabilities, IOStatisticsSource {
    private static final int BUFFER_BYTES = 8 << 10;

    private final String path;
    private final FileWriter writer;
    private final FileSystem.@Nullable Statistics statistics;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final StreamFigures figures =
            new StreamFigures(StreamStatisticNames.STREAM_WRITE_BYTES, StreamStatisticNames.STREAM_WRITE_EXCEPTIONS);
    private final LongAdder bytesWritten = figures.counter(StreamStatisticNames.STREAM_WRITE_BYTES);
    private int buffered;
    private boolean closed;

    TarnOutputStream(String path, FileWriter writer, FileSystem.@Nullable Statistics statistics) {
        this.path = path;
        this.writer = writer;
        this.statistics = statistics;
    }

    @Override
    public void write(int value) throws IOException {
        requireOpen();
        if (buffered == BUFFER_BYTES) {
            drain();
        }
        buffer[buffered++] = (byte) value;
        count(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        requireOpen();
        if (length < BUFFER_BYTES - buffered) {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        } else {
            drain();
            pass(ByteBuffer.wrap(bytes, offset, length));
        }
        count(length);
    }

    /** Passes on what is buffered, without waiting for it to arrive. */
    @Override
    public void flush() throws IOException {
        if (!closed) {
            drain();
        }
    }

    /** All bytes so far outlast this process and the worker's. Others see them when the file is closed, or sealed because its writer vanished. */
    @Override
    public void hflush() throws IOException {
        sync(false);
    }

    /**
     * As {@link #hflush}, and on stable storage.
     *
     * @throws UnsupportedOperationException for a file that is written through to its under store: it is there when it is closed
     */
    @Override
    public void hsync() throws IOException {
        sync(true);
    }

    private void sync(boolean durable) throws IOException {
        requireOpen();
        drain();
        try {
            writer.flush(durable);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.UNSUPPORTED) {
                throw new UnsupportedOperationException(path + ": " + e.getMessage(), e);
            }
            throw failed(e);
        }
    }

    private void drain() throws IOException {
        int count = buffered;
        buffered = 0;
        if (count > 0) {
            pass(ByteBuffer.wrap(buffer, 0, count));
        }
    }

    private void pass(ByteBuffer bytes) throws IOException {
        try {
            writer.write(bytes);
        } catch (TarnException e) {
            throw failed(e);
        }
    }

    private void count(int count) {
        bytesWritten.add(count);
        if (statistics != null) {
            statistics.incrementBytesWritten(count);
        }
    }

    /** Completes the file; when it throws, the file does not exist. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            drain();
            writer.close();
        } catch (TarnException e) {
            throw failed(e);
        } finally {
            writer.abort();
        }
    }

    private IOException failed(TarnException failure) {
        figures.counter(StreamStatisticNames.STREAM_WRITE_EXCEPTIONS).increment();
        return HadoopErrors.of(path, failure);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(path + ": " + FSExceptionMessages.STREAM_IS_CLOSED);
        }
    }

    @Override
    public boolean hasCapability(String capability) {
        return switch (capability.toLowerCase(Locale.ROOT)) {
            case StreamCapabilities.HFLUSH, StreamCapabilities.HSYNC -> writer.holdsFlushed();
            case StreamCapabilities.IOSTATISTICS -> true;
            default -> false;
        };
    }

    @Override
    public IOStatistics getIOStatistics() {
        return figures;
    }

    @Override
    public String toString() {
        return "TarnOutputStream[" + path + ", " + figures + "]";
    }
}
