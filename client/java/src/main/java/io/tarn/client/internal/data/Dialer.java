package io.tarn.client.internal.data;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.tarn.client.internal.call.Transport;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Opens connections to workers. Thread-safe. */
final class Dialer {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int SILENT_SECONDS = 10;
    private static final int IDLE_SECONDS = 300;

    private final Transport transport;

    Dialer(Transport transport) {
        this.transport = transport;
    }

    /** Connects; a Unix socket that does not answer is no reason to fail where TCP does. */
    CompletableFuture<DataConnection> dial(Endpoint endpoint) {
        CompletableFuture<DataConnection> dialled = dialOnce(endpoint);
        return endpoint.isUnixSocket() ? dialled.exceptionallyCompose(failure -> dialOnce(endpoint.byTcp())) : dialled;
    }

    /** Connects this way and no other. */
    CompletableFuture<DataConnection> dialOnce(Endpoint endpoint) {
        CompletableFuture<DataConnection> outcome = new CompletableFuture<>();
        Bootstrap bootstrap = new Bootstrap()
                .group(transport.group())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
        if (endpoint.isUnixSocket()) {
            bootstrap.channel(EpollDomainSocketChannel.class);
        } else {
            bootstrap.channel(transport.socketChannel()).option(ChannelOption.TCP_NODELAY, true);
        }
        bootstrap.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new IdleStateHandler(SILENT_SECONDS, 0, IDLE_SECONDS, TimeUnit.SECONDS))
                        .addLast(new DataConnection(endpoint, channel));
            }
        });
        try {
            ChannelFuture connecting = bootstrap.connect(endpoint.address());
            connecting.addListener(done -> {
                if (done.isSuccess()) {
                    outcome.complete(connecting.channel().pipeline().get(DataConnection.class));
                } else {
                    outcome.completeExceptionally(refused(endpoint, done.cause()));
                }
            });
        } catch (RuntimeException e) {
            outcome.completeExceptionally(refused(endpoint, e));
        }
        return outcome;
    }

    private static TarnException refused(Endpoint endpoint, Throwable cause) {
        return new TarnException(
                ErrorCode.UNAVAILABLE, "worker " + endpoint + " does not answer: " + cause.getMessage(), cause);
    }
}
