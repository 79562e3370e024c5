package io.tarn.client.internal.data;

import io.netty.buffer.ByteBuf;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A request with one small answer of a known type. */
public final class SimpleExchange extends Exchange {
    static final int MAX_ANSWER_BYTES = 1 << 20;

    private final FrameType expected;
    private final CompletableFuture<Answer> outcome = new CompletableFuture<>();

    public SimpleExchange(FrameHeader header, ByteBuf payload, FrameType expected) {
        super(header, payload);
        this.expected = expected;
    }

    /** What came back. */
    public record Answer(FrameHeader header, ByteBuffer payload) {}

    public CompletableFuture<Answer> outcome() {
        return outcome;
    }

    @Override
    protected ByteBuffer destination(FrameHeader answer) throws TarnException {
        if (answer.type() != expected || answer.payloadBytes() > MAX_ANSWER_BYTES) {
            throw new TarnException(
                    ErrorCode.MALFORMED,
                    "the worker answered with " + answer.type() + " of " + answer.payloadBytes() + " bytes where "
                            + expected + " was due");
        }
        return ByteBuffer.allocate(answer.payloadBytes());
    }

    @Override
    protected boolean answered(FrameHeader answer, ByteBuffer payload) {
        payload.flip();
        outcome.complete(new Answer(answer, payload));
        return true;
    }

    @Override
    protected void failed(TarnException failure) {
        outcome.completeExceptionally(failure);
    }
}
