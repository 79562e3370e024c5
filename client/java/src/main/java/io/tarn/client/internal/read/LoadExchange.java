package io.tarn.client.internal.read;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.Unpooled;
import io.tarn.client.internal.data.Exchange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.LoadRange;
import io.tarn.protocol.v1.LoadedRange;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** A LOAD with its reports of progress. */
final class LoadExchange extends Exchange {
    private static final int MAX_ANSWER_BYTES = 4096;

    private final LongConsumer progress;
    private final CompletableFuture<Long> outcome = new CompletableFuture<>();

    /** @param progress called on an event loop with the position reached; must not block */
    LoadExchange(Handle handle, long offset, LoadRange range, LongConsumer progress) {
        super(handle.header(FrameType.LOAD, offset), Unpooled.wrappedBuffer(range.toByteArray()));
        this.progress = progress;
    }

    /** Bytes that had to be fetched. */
    CompletableFuture<Long> outcome() {
        return outcome;
    }

    @Override
    protected ByteBuffer destination(FrameHeader answer) throws TarnException {
        if (answer.type() != FrameType.LOADED || answer.payloadBytes() > MAX_ANSWER_BYTES) {
            throw new TarnException(ErrorCode.MALFORMED, "the worker answered LOAD with " + answer.type());
        }
        return ByteBuffer.allocate(answer.payloadBytes());
    }

    @Override
    protected boolean answered(FrameHeader answer, ByteBuffer payload) throws TarnException {
        progress.accept(answer.offset());
        if (!answer.has(FrameHeader.LAST)) {
            return false;
        }
        try {
            outcome.complete(LoadedRange.parseFrom(payload.flip()).getFetchedBytes());
            return true;
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.MALFORMED, "an unreadable answer to LOAD", e);
        }
    }

    @Override
    protected void failed(TarnException failure) {
        outcome.completeExceptionally(failure);
    }
}
