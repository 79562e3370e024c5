package io.tarn.worker.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.Frame;
import io.tarn.protocol.frame.FrameDecoder;
import io.tarn.protocol.frame.FrameEncoder;
import io.tarn.protocol.frame.PlacedReceive;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the data port and the Unix socket. Where the machine has no epoll there is no Unix socket, and TCP goes through NIO. */
public final class DataServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataServer.class);

    private final ServerContext server;
    private final EventLoopGroup loops;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final FrameEncoder encoder = new FrameEncoder();
    private final int port;
    /** The Unix socket that this server has bound, or null. */
    private @Nullable Path socket;

    private DataServer(ServerContext server) throws TarnException {
        this.server = server;
        ServerSettings settings = server.settings();
        int threads = settings.threads() > 0
                ? settings.threads()
                : Runtime.getRuntime().availableProcessors();
        boolean epoll = Epoll.isAvailable();
        loops = new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("tarn-data", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        try {
            Class<? extends ServerChannel> kind = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
            SocketAddress address = new InetSocketAddress(settings.bindHost(), settings.dataPort());
            Channel bound = bind(kind, address, "worker.data-port");
            port = ((InetSocketAddress) bound.localAddress()).getPort();
            if (!settings.socketPath().isEmpty()) {
                bindSocket(epoll, Path.of(settings.socketPath()));
            }
        } catch (TarnException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts to serve.
     *
     * @throws TarnException UNAVAILABLE where an address cannot be bound; the message names the setting
     */
    public static DataServer start(ServerContext server) throws TarnException {
        return new DataServer(server);
    }

    /** The TCP port that is listened on. */
    public int port() {
        return port;
    }

    private void bindSocket(boolean epoll, Path path) throws TarnException {
        if (!epoll) {
            log.warn("no Unix socket at {}: this machine has no epoll ({})", path, Epoll.unavailabilityCause());
            return;
        }
        try {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (answers(path)) {
                throw new TarnException(
                        ErrorCode.UNAVAILABLE,
                        "another process serves " + path + "; stop it or set worker.socket-path to another path");
            }
            Files.deleteIfExists(path);
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "worker.socket-path: " + path + " cannot be made: " + e.getMessage(), e);
        }
        bind(EpollServerDomainSocketChannel.class, new DomainSocketAddress(path.toString()), "worker.socket-path");
        socket = path;
        admitAll(path);
    }

    /** Pods run under any user; what they may read is decided by their tickets. */
    private static void admitAll(Path path) {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException | UnsupportedOperationException e) {
            log.warn("{} is open to this process's user only: {}", path, e.getMessage());
        }
    }

    /** Whether a live process serves the socket; what a dead one left behind refuses connections. */
    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Channel bind(Class<? extends ServerChannel> kind, SocketAddress address, String setting)
            throws TarnException {
        int high = (int) server.settings().maxQueued().bytes();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(kind)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 4, high))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        if (address instanceof InetSocketAddress) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
        var binding = bootstrap.bind(address).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            String reason = binding.cause().getMessage();
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot listen on " + address + ": " + reason + "; set " + setting + " to another one",
                    binding.cause());
        }
        channels.add(binding.channel());
        return binding.channel();
    }

    private void accept(Channel channel) {
        int open = server.metrics().connectionOpened();
        channel.closeFuture().addListener(closed -> server.metrics().connectionClosed());
        channels.add(channel);
        channel.pipeline().addLast(encoder);
        if (open > server.settings().maxConnections()) {
            TarnException busy =
                    new TarnException(ErrorCode.BUSY, "this worker has as many connections as it may", null, 1000);
            channel.writeAndFlush(Frame.error(0, busy)).addListener(sent -> channel.close());
            return;
        }
        FrameDecoder decoder = new FrameDecoder(server.settings().frameTimeout().toMillis());
        channel.config().setRecvByteBufAllocator(new PlacedReceive(decoder));
        channel.pipeline().addLast(decoder).addLast(new Connection(server));
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        Path own = socket;
        if (own != null) {
            try {
                Files.deleteIfExists(own);
            } catch (IOException e) {
                log.warn("the socket {} stays: {}", own, e.getMessage());
            }
        }
    }
}
