package io.tarn.testing.understore;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.UnderStore.ByteSink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Passes bytes on until the fault's byte comes. Used by one thread. */
final class FaultySink implements ByteSink {
    private final ReadFault fault;
    private final ByteSink sink;
    private long position;
    private boolean done;

    FaultySink(ReadFault fault, ByteSink sink) {
        this.fault = fault;
        this.sink = sink;
    }

    @Override
    public void accept(ByteBuffer bytes) throws TarnException {
        long end = position + bytes.remaining();
        if (!done && fault.atByte() >= position && fault.atByte() < end) {
            int before = (int) (fault.atByte() - position);
            if (before > 0) {
                sink.accept(bytes.slice(bytes.position(), before));
                bytes.position(bytes.position() + before);
            }
            happen();
            if (fault.kind() == ReadFault.Kind.FLIP) {
                sink.accept(ByteBuffer.wrap(new byte[] {(byte) (bytes.get() ^ 1)}));
            }
        }
        position = end;
        if (bytes.hasRemaining()) {
            sink.accept(bytes);
        }
    }

    /** A fault at the very end of the range still happens. */
    void end(String path) throws TarnException {
        if (!done && fault.atByte() == position) {
            happen();
        }
        if (!done) {
            throw new AssertionError("the fault at byte " + fault.atByte() + " of " + path + " was never reached");
        }
    }

    private void happen() throws TarnException {
        done = true;
        try {
            fault.action().run();
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted in an injected pause"));
        }
        if (fault.kind() == ReadFault.Kind.TRUNCATE) {
            throw FaultyUnderStore.unavailable("the connection broke after " + fault.atByte() + " bytes");
        }
    }
}
