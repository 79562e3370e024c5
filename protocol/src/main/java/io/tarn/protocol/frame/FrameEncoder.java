package io.tarn.protocol.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Writes {@link Frame}s: a short payload is copied behind its header so that both leave in one buffer, a longer one follows as it is. Everything else
 * (file regions, descriptors) passes. Without state; one instance serves all connections.
 */
@Sharable
public final class FrameEncoder extends ChannelOutboundHandlerAdapter {
    private static final int COPIED_PAYLOAD_BYTES = 8 << 10;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof Frame frame)) {
            context.write(message, promise);
            return;
        }
        FrameHeader header = frame.header();
        ByteBuf payload = frame.payload();
        if (payload.readableBytes() != header.payloadBytes()) {
            frame.release();
            promise.setFailure(new IllegalArgumentException(
                    "the header says " + header.payloadBytes() + " bytes, the payload has " + payload.readableBytes()));
            return;
        }
        boolean copied = header.payloadBytes() <= COPIED_PAYLOAD_BYTES;
        int bytes = FrameHeader.BYTES + (copied ? header.payloadBytes() : 0);
        ByteBuf out = context.alloc().directBuffer(bytes, bytes);
        header.write(out);
        if (copied) {
            out.writeBytes(payload);
            frame.release();
            context.write(out, promise);
        } else {
            context.write(out, context.voidPromise());
            context.write(payload, promise);
        }
    }
}
