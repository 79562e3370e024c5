package io.tarn.client.internal.call;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The event loops of one client, on epoll where its native library loads and on NIO elsewhere. Thread-safe. */
public final class Transport implements AutoCloseable {
    private static final int MAX_THREADS = 4;
    /** Channels that were told to close do so on these threads. */
    private static final long QUIET_MILLIS = 50;

    private static final long CLOSE_MILLIS = 1_000;

    private final EventLoopGroup group;
    private final boolean epoll;

    private Transport(EventLoopGroup group, boolean epoll) {
        this.group = group;
        this.epoll = epoll;
    }

    /** Starts daemon threads, at most four. */
    public static Transport start() {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        return new Transport(
                new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("tarn-client", true), handlers),
                epoll);
    }

    public EventLoopGroup group() {
        return group;
    }

    public Class<? extends SocketChannel> socketChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Whether Unix sockets, and descriptors through them, can be used. */
    public boolean hasUnixSockets() {
        return epoll;
    }

    /** Runs {@code task} on an event loop after a delay, or {@code whenClosed} where this is closed before. Neither may block. */
    public void schedule(Runnable task, long delayMillis, Runnable whenClosed) {
        try {
            var unused = group.next()
                    .schedule(task, delayMillis, TimeUnit.MILLISECONDS)
                    .addListener(outcome -> {
                        if (outcome.isCancelled()) {
                            whenClosed.run();
                        }
                    });
        } catch (RejectedExecutionException closed) {
            whenClosed.run();
        }
    }

    @Override
    public void close() {
        var unused = group.shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
