package io.tarn.client;

import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/** A file being written, from start to end. For one thread at a time. It shows to others once {@link #close} has returned. */
public interface FileWriter extends AutoCloseable {
    /** Appends the remaining bytes; may return before they have left the process, and blocks while too many are in flight. */
    void write(ByteBuffer bytes) throws TarnException;

    /** Bytes written so far, with those that an appended file began with. */
    long position();

    /**
     * All bytes so far are held by the worker, and outlast this process and the worker's: if the writer vanishes, the file ends there. With {@code durable}
     * they are on stable storage, on a disk where the worker has one. A file that is written through is held by nobody before {@link #close}:
     * UNSUPPORTED with {@code durable}. A flush that fails does not end the write.
     */
    void flush(boolean durable) throws TarnException;

    /** Whether a flush makes bytes outlast the writer: not for a file that is written through to its under store. */
    boolean holdsFlushed();

    /**
     * Completes the file: when this returns, everything is where the write type says, and visible. Where it fails, a file that was flushed ends, a moment later, where it was
     * flushed last, and any other is dropped. Idempotent.
     */
    @Override
    void close() throws TarnException;

    /** Drops the file; an existing one that was to be replaced stays. */
    void abort();

    /** After {@link #close}: the completed file. */
    FileInfo info() throws TarnException;
}
