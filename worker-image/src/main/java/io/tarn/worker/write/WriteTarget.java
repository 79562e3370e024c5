package io.tarn.worker.write;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A place that a file is written to. For one thread at a time; may block. */
interface WriteTarget {
    /**
     * Appends the remaining bytes of {@code bytes}, which may be changed in position only.
     *
     * @param crc32c of these bytes, checked
     */
    void append(ByteBuffer bytes, int crc32c) throws TarnException;

    /** All bytes so far are on stable storage. */
    void force() throws TarnException;

    /**
     * Ends the file.
     *
     * @param stored what the under store holds now, where another target has committed it; else null
     * @return what the under store holds now, or null where this target is none
     */
    @Nullable
    StoreStatus commit(long lengthBytes, @Nullable StoreStatus stored) throws TarnException;

    /** Leaves nothing behind; idempotent, and nothing after a commit. */
    void abort();
}
