package io.tarn.worker.write;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place that a file is written to. For one thread at a time; may block. */
interface WriteTarget {
    /**
     * Appends the remaining bytes of {@code bytes}, which may be changed in position only.
     *
     * @param crc32c of these bytes, checked
     */
    void append(ByteBuffer bytes, int crc32c) throws TarnException;

    /**
     * Keeps all bytes so far, in case the writer or this process dies; with {@code durable} on stable storage. What goes to an under store is complete or
     * nothing: without its commit the store has none of it.
     *
     * @return false where this place keeps nothing before the commit
     * @throws TarnException where it cannot now; the write may go on all the same
     */
    default boolean flush(boolean durable) throws TarnException {
        return false;
    }

    /**
     * Ends the file.
     *
     * @param stored what the under store holds now, where another target has committed it; else null
     * @return what the under store holds now, or null where this target is none
     */
    @Nullable
    StoreStatus commit(long lengthBytes, @Nullable StoreStatus stored) throws TarnException;

    /** Other workers that hold all of it, once it is committed. */
    default List<Long> alsoHeldBy() {
        return List.of();
    }

    /** Other workers that may have a part of it, and are not to keep that. */
    default List<Long> givenUpBy() {
        return List.of();
    }

    /** The writer has gone: leaves behind only what was flushed, until it is sealed or dropped. Only {@link #abort} may follow. */
    default void leave() {
        abort();
    }

    /** Leaves nothing behind; idempotent, and nothing after a commit. */
    void abort();
}
