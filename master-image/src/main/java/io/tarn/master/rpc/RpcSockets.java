package io.tarn.master.rpc;

import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The sockets below the gRPC server and their threads, with a bound on connections. Safe for many threads. */
final class RpcSockets implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final AtomicInteger open = new AtomicInteger();
    private final EventLoopGroup accepting;
    private final EventLoopGroup serving;
    private final int maxConnections;

    RpcSockets(int maxConnections, MeterRegistry meters) {
        this.maxConnections = maxConnections;
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        accepting = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("tarn-rpc-accept", true), io);
        serving = new MultiThreadIoEventLoopGroup(0, new DefaultThreadFactory("tarn-rpc", true), io);
        meters.gauge("tarn.master.rpc.connections", open);
    }

    NettyServerBuilder builder(InetSocketAddress address) {
        return NettyServerBuilder.forAddress(address)
                .channelFactory(this::listener)
                .bossEventLoopGroup(accepting)
                .workerEventLoopGroup(serving);
    }

    private ServerChannel listener() {
        ServerChannel listener = Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
        listener.pipeline().addLast(new ConnectionLimit(open, maxConnections));
        return listener;
    }

    @Override
    public void close() {
        accepting.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        serving.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
