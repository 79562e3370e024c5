package io.tarn.client;

import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/** A file being written, from start to end. For one thread at a time. It shows to others once {@link #close} has returned. */
public interface FileWriter extends AutoCloseable {
    /** Appends the remaining bytes; may return before they have left the process, and blocks while too many are in flight. */
    void write(ByteBuffer bytes) throws TarnException;

    /** Bytes written so far. */
    long position();

    /** All bytes so far are held by the worker; with {@code durable} on stable storage. */
    void flush(boolean durable) throws TarnException;

    /** Completes the file: when this returns, everything is where the write type says, and visible. Idempotent. */
    @Override
    void close() throws TarnException;

    /** Drops the file; an existing one that was to be replaced stays. */
    void abort();

    /** After {@link #close}: the completed file. */
    FileInfo info() throws TarnException;
}
