package io.tarn.client.internal.data;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import java.nio.ByteBuffer;

/**
 * One request and its answers. A connection calls it on its event loop only, and after {@link #answered} returned true or {@link #failed} was called never
 * again: from then on nobody writes into the buffers that it gave. The connection releases the payload.
 */
public abstract class Exchange {
    private final FrameHeader header;
    private final ByteBuf payload;
    private long endNanos;

    protected Exchange(FrameHeader header) {
        this(header, Unpooled.EMPTY_BUFFER);
    }

    /** The payload's reference passes to the connection. */
    protected Exchange(FrameHeader header, ByteBuf payload) {
        this.header = header;
        this.payload = payload;
    }

    /** Everything but the request id and the epoch, which the connection sets. */
    final FrameHeader header() {
        return header;
    }

    final ByteBuf payload() {
        return payload;
    }

    /** Sets when this is given up, on the scale of {@link System#nanoTime}. */
    final void endAt(long nanos) {
        endNanos = nanos;
    }

    final boolean isLate(long nowNanos) {
        return nowNanos - endNanos > 0;
    }

    /**
     * Where the payload of an answer is to be written: {@code answer.payloadBytes()} bytes remain in it.
     *
     * @throws TarnException MALFORMED for an answer that nobody asked for; closes the connection
     */
    protected abstract ByteBuffer destination(FrameHeader answer) throws TarnException;

    /**
     * An answer has come whole.
     *
     * @param payload what {@link #destination} gave, its position behind the payload
     * @return whether it was the last
     * @throws TarnException fails this exchange; MALFORMED and CORRUPT close the connection too
     */
    protected abstract boolean answered(FrameHeader answer, ByteBuffer payload) throws TarnException;

    protected abstract void failed(TarnException failure);
}
