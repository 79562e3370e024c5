package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/**
 * A file on its way into a store. Used by one thread at a time. Memory is bounded: {@link #write} blocks while too much is in flight (S3: the parts
 * being sent). Exactly one of commit and abort ends it; {@link #close} without either aborts.
 */
public interface StoreWriter extends AutoCloseable {
    /** Appends the remaining bytes of {@code bytes}. */
    void write(ByteBuffer bytes) throws TarnException;

    /** Bytes written so far. */
    long lengthBytes();

    /**
     * Makes the file visible, whole, under its path.
     *
     * @return what the store holds now, with its new version tag
     * @throws TarnException ALREADY_EXISTS or STORE_CHANGED where a condition of {@link CreateOptions} fails; OUTCOME_UNKNOWN where the connection was
     *     lost at the wrong moment and reading back did not settle it
     */
    StoreStatus commit() throws TarnException;

    /** Leaves nothing behind: no temporary file, no parts. Idempotent. */
    void abort();

    @Override
    void close();
}
