package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/** Slows writes down to a mount's limit. Used by one thread at a time. */
final class LimitedWriter implements StoreWriter {
    private final StoreWriter writer;
    private final StoreLimits limits;

    LimitedWriter(StoreWriter writer, StoreLimits limits) {
        this.writer = writer;
        this.limits = limits;
    }

    @Override
    public void write(ByteBuffer bytes) throws TarnException {
        limits.written(bytes.remaining());
        writer.write(bytes);
    }

    @Override
    public long lengthBytes() {
        return writer.lengthBytes();
    }

    @Override
    public StoreStatus commit() throws TarnException {
        limits.request();
        return writer.commit();
    }

    @Override
    public void abort() {
        writer.abort();
    }

    @Override
    public void close() {
        writer.close();
    }
}
