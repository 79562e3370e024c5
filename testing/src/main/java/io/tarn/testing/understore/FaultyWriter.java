package io.tarn.testing.understore;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import java.nio.ByteBuffer;

/** A writer whose writes and commit can fail or stall. Used by one thread at a time. */
final class FaultyWriter implements StoreWriter {
    private final String path;
    private final StoreWriter writer;
    private final Faults faults;

    FaultyWriter(String path, StoreWriter writer, Faults faults) {
        this.path = path;
        this.writer = writer;
        this.faults = faults;
    }

    @Override
    public void write(ByteBuffer bytes) throws TarnException {
        faults.before(StoreCall.WRITE, path);
        writer.write(bytes);
    }

    @Override
    public long lengthBytes() {
        return writer.lengthBytes();
    }

    @Override
    public StoreStatus commit() throws TarnException {
        faults.before(StoreCall.COMMIT, path);
        StoreStatus status = writer.commit();
        faults.after(StoreCall.COMMIT);
        return status;
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
