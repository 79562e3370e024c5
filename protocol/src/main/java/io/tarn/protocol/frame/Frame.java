package io.tarn.protocol.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.charset.StandardCharsets;

/** A frame in memory: its header and its payload, which it owns. Whoever takes a frame releases it. Not safe for several threads. */
public final class Frame extends DefaultByteBufHolder {
    private static final int MAX_MESSAGE_BYTES = 2000;

    private final FrameHeader header;

    /** @param payload as many readable bytes as {@code header} says; owned by the frame */
    public Frame(FrameHeader header, ByteBuf payload) {
        super(payload);
        this.header = header;
    }

    /** A frame without payload. */
    public static Frame of(FrameHeader header) {
        return new Frame(header, Unpooled.EMPTY_BUFFER);
    }

    /** A frame whose header says how long {@code payload} is. {@code argument} is kept. */
    public static Frame of(FrameHeader header, byte[] payload) {
        return new Frame(header.withPayload(payload.length, header.argument()), Unpooled.wrappedBuffer(payload));
    }

    /** The ERROR frame that answers {@code requestId}. */
    public static Frame error(long requestId, TarnException failure) {
        String message = String.valueOf(failure.getMessage());
        byte[] text = message.substring(0, Math.min(message.length(), MAX_MESSAGE_BYTES))
                .getBytes(StandardCharsets.UTF_8);
        FrameHeader header = FrameHeader.of(FrameType.ERROR, requestId)
                .at(0, failure.retryAfterMillis())
                .withPayload(text.length, failure.code().number());
        return new Frame(header, Unpooled.wrappedBuffer(text));
    }

    public FrameHeader header() {
        return header;
    }

    public ByteBuf payload() {
        return content();
    }

    /** What an ERROR frame reports; does not release it. */
    public TarnException toException() {
        String message = content().toString(StandardCharsets.UTF_8);
        int retryAfterMillis = (int) Math.min(Integer.MAX_VALUE, header.offset());
        return new TarnException(ErrorCode.ofNumber(header.argument()), message, null, retryAfterMillis);
    }

    @Override
    public Frame replace(ByteBuf content) {
        return new Frame(header, content);
    }

    @Override
    public Frame retain() {
        super.retain();
        return this;
    }
}
