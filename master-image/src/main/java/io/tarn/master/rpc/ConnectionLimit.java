package io.tarn.master.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a listening socket: closes what connects beyond the bound, so that peers cannot use up the process's memory and descriptors. Safe for many
 * threads.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    private final AtomicInteger open;
    private final int maxConnections;
    private boolean refusing;

    /** @param open counts the connections of the server */
    ConnectionLimit(AtomicInteger open, int maxConnections) {
        this.open = open;
        this.maxConnections = maxConnections;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        if (open.incrementAndGet() > maxConnections) {
            open.decrementAndGet();
            connection.unsafe().closeForcibly();
            if (!refusing) {
                LOG.warn(
                        "closing new connections: {} are open; raise master.rpc.max-connections where clients need more",
                        maxConnections);
            }
            refusing = true;
            return;
        }
        refusing = false;
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        context.fireChannelRead(connection);
    }
}
