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
     * <p>A failure with any other code than OUTCOME_UNKNOWN promises that the store has taken nothing of this file, and never will. So whatever fails once the
     * store may have taken it is OUTCOME_UNKNOWN, unless reading back settles it: a lost connection, a server's error of its own, but also a directory that
     * cannot be synced or a status that cannot be read after the file was put in place. Callers build on it: what was not taken may be forgotten.
     *
     * @return what the store holds now, with its new version tag
     * @throws TarnException ALREADY_EXISTS or STORE_CHANGED where a condition of {@link CreateOptions} fails; OUTCOME_UNKNOWN as said above
     */
    StoreStatus commit() throws TarnException;

    /** Leaves nothing behind: no temporary file, no parts. Idempotent. */
    void abort();

    @Override
    void close();
}
