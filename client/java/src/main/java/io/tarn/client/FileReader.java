package io.tarn.client;

import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * Positioned reads of one open file version. Thread-safe. A file that is replaced meanwhile goes on to be read as it was, or fails with STORE_CHANGED:
 * never a mixture.
 */
public interface FileReader extends AutoCloseable {
    FileInfo info();

    /**
     * Reads up to {@code into.remaining()} bytes at {@code position}, as many as there are before the end of the file.
     *
     * @return bytes read; -1 at or after the end of the file
     */
    int read(long position, ByteBuffer into) throws TarnException;

    /** As {@link #read}; the buffer belongs to the call until it completes. */
    CompletableFuture<Integer> readAsync(long position, ByteBuffer into);

    /** Reads several ranges, in any order, combining those that lie close; each buffer is filled whole or its future fails. */
    List<CompletableFuture<ByteBuffer>> readVectored(List<ReadRange> ranges);

    /**
     * Brings a range into the cache.
     *
     * @param progress called with the position reached
     * @return bytes that were fetched (not there before)
     */
    long load(long offset, long lengthBytes, long bytesPerSecond, LongConsumer progress) throws TarnException;

    /** Bytes of this file that the local worker holds, by tier. */
    java.util.Map<String, Long> residency() throws TarnException;

    /**
     * Has the worker compare what it holds of this file with the checksums now, and fetch what is damaged again. As fast as its disk reads; gives up after
     * sixty times the client's timeout.
     */
    DataCheck check() throws TarnException;

    /** Hosts that hold or will hold the blocks of a range, best first. */
    List<BlockHosts> locations(long offset, long lengthBytes);

    @Override
    void close();
}
