package io.tarn.protocol.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one connection into {@link Frame}s.
 *
 * <p>A payload that lies whole in one received buffer is a slice of it, not a copy. A longer one is gathered in a buffer, where the channel puts what follows
 * of it by itself when it receives by a {@link PlacedReceive} of this decoder. The buffer reaches the declared size
 * only once {@value #FIRST_PAYLOAD_BYTES} bytes have arrived, so that a peer which merely announces much costs little. Bytes that are no frame, and frames
 * that are not complete within the timeout, fire a {@link TarnException} (MALFORMED, TIMEOUT) through the pipeline and close the connection.
 *
 * <p>One per connection; runs on its event loop.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter implements PlacedReceive.Places {
    private static final int FIRST_PAYLOAD_BYTES = 64 << 10;

    private final long timeoutMillis;
    private final ByteBuf partialHeader = Unpooled.buffer(FrameHeader.BYTES, FrameHeader.BYTES);
    private @Nullable FrameHeader header;
    private @Nullable ByteBuf partialPayload;
    private long framesBegun;
    private boolean timerRuns;
    private boolean closed;

    /** @param timeoutMillis within which a frame that has begun must be complete; 0 = no bound */
    public FrameDecoder(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf received)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            if (received == partialPayload) {
                endIfWhole(context, received);
                return;
            }
            while (received.isReadable() && !closed) {
                decode(context, received);
            }
        } catch (TarnException e) {
            fail(context, e);
        } finally {
            received.release();
            watch(context);
        }
    }

    @Override
    public @Nullable ByteBuf next() {
        FrameHeader current = header;
        ByteBuf payload = partialPayload;
        if (current == null || payload == null) {
            return null;
        }
        if (!payload.isWritable()) {
            payload.capacity(current.payloadBytes());
        }
        return payload.retain();
    }

    private void decode(ChannelHandlerContext context, ByteBuf received) throws TarnException {
        FrameHeader current = header;
        if (current == null) {
            current = decodeHeader(received);
            if (current == null) {
                return;
            }
            if (current.payloadBytes() == 0) {
                context.fireChannelRead(Frame.of(current));
                return;
            }
            header = current;
        }
        int missing = current.payloadBytes() - (partialPayload == null ? 0 : partialPayload.readableBytes());
        if (partialPayload == null && received.readableBytes() >= missing) {
            header = null;
            context.fireChannelRead(new Frame(current, received.readRetainedSlice(missing)));
            return;
        }
        endIfWhole(context, gather(context, received, current.payloadBytes(), missing));
    }

    private void endIfWhole(ChannelHandlerContext context, ByteBuf payload) {
        FrameHeader current = header;
        if (current != null && payload.readableBytes() == current.payloadBytes()) {
            header = null;
            partialPayload = null;
            context.fireChannelRead(new Frame(current, payload));
        }
    }

    private @Nullable FrameHeader decodeHeader(ByteBuf received) throws TarnException {
        boolean begins = !partialHeader.isReadable();
        if (begins) {
            framesBegun++;
        }
        if (begins && received.readableBytes() >= FrameHeader.BYTES) {
            return FrameHeader.read(received);
        }
        received.readBytes(partialHeader, Math.min(partialHeader.writableBytes(), received.readableBytes()));
        if (partialHeader.isWritable()) {
            return null;
        }
        FrameHeader complete = FrameHeader.read(partialHeader);
        partialHeader.clear();
        return complete;
    }

    private ByteBuf gather(ChannelHandlerContext context, ByteBuf received, int payloadBytes, int missing) {
        ByteBuf payload = partialPayload;
        if (payload == null) {
            payload = context.alloc().directBuffer(Math.min(payloadBytes, FIRST_PAYLOAD_BYTES), payloadBytes);
            partialPayload = payload;
        }
        int arrived = Math.min(missing, received.readableBytes());
        if (payload.writableBytes() < arrived) {
            payload.capacity(payloadBytes);
        }
        received.readBytes(payload, arrived);
        return payload;
    }

    private void watch(ChannelHandlerContext context) {
        if (timeoutMillis <= 0 || timerRuns || closed || !insideFrame()) {
            return;
        }
        timerRuns = true;
        long watched = framesBegun;
        context.executor().schedule(() -> timeUp(context, watched), timeoutMillis, TimeUnit.MILLISECONDS);
    }

    private void timeUp(ChannelHandlerContext context, long watched) {
        timerRuns = false;
        if (!insideFrame() || closed) {
            return;
        }
        if (framesBegun != watched) {
            watch(context);
            return;
        }
        fail(context, new TarnException(ErrorCode.TIMEOUT, "a frame was not complete after " + timeoutMillis + " ms"));
    }

    private boolean insideFrame() {
        return header != null || partialHeader.isReadable();
    }

    private void fail(ChannelHandlerContext context, TarnException failure) {
        closed = true;
        releasePartial();
        context.fireExceptionCaught(failure);
        context.close();
    }

    private void releasePartial() {
        ReferenceCountUtil.release(partialPayload);
        partialPayload = null;
        header = null;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        closed = true;
        releasePartial();
    }
}
