package io.tarn.client.internal.data;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A READ whose DATA frames go straight into the caller's buffer. The checksum of each is checked by the connection as the bytes arrive. */
public final class ReadExchange extends Exchange {
    private final long position;
    private final ByteBuffer into;
    private final int start;
    private final CompletableFuture<Integer> outcome = new CompletableFuture<>();
    private int receivedBytes;
    private volatile long progressNanos = System.nanoTime();

    /** @param into its remaining bytes are asked for; its position and limit are not changed */
    public ReadExchange(long handle, long position, ByteBuffer into, int flags) {
        super(FrameHeader.of(FrameType.READ, 0)
                .withFlags(flags)
                .withPayload(0, into.remaining())
                .at(handle, position));
        this.position = position;
        this.into = into.duplicate();
        this.start = into.position();
    }

    /** Bytes read: all that were asked for, fewer only at the end of the file. */
    public CompletableFuture<Integer> outcome() {
        return outcome;
    }

    /** When this was made, or a part of the answer last began or ended, on the scale of {@link System#nanoTime}. */
    public long progressNanos() {
        return progressNanos;
    }

    @Override
    protected ByteBuffer destination(FrameHeader answer) throws TarnException {
        progressNanos = System.nanoTime();
        long at = answer.offset() - position;
        int asked = into.limit() - start;
        if (answer.type() != FrameType.DATA || at < 0 || at + answer.payloadBytes() > asked) {
            throw new TarnException(
                    ErrorCode.MALFORMED,
                    "the worker answered a read of " + asked + " bytes at " + position + " with " + answer.type()
                            + " of " + answer.payloadBytes() + " bytes at " + answer.offset());
        }
        return into.duplicate().position(start + (int) at).limit(start + (int) at + answer.payloadBytes());
    }

    @Override
    protected boolean answered(FrameHeader answer, ByteBuffer payload) throws TarnException {
        progressNanos = System.nanoTime();
        receivedBytes += answer.payloadBytes();
        if (!answer.has(FrameHeader.LAST)) {
            return false;
        }
        if (answer.offset() + answer.payloadBytes() - position != receivedBytes) {
            throw new TarnException(
                    ErrorCode.MALFORMED, "the worker left a hole in an answer to a read at " + position);
        }
        outcome.complete(receivedBytes);
        return true;
    }

    @Override
    protected void failed(TarnException failure) {
        outcome.completeExceptionally(failure);
    }
}
