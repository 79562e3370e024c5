package io.tarn.master.rpc;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.namespace.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The gRPC server of the master. Calls run on Netty's own threads, since none of them waits: reads of memory answer there, changes answer from the leader,
 * and what needs a store goes elsewhere. Safe for many threads.
 */
public final class RpcServer implements CallServer, AutoCloseable {
    private static final int MAX_METADATA_BYTES = 16 << 10;
    private static final int CLOSE_SECONDS = 5;

    private final Server server;
    private final RpcSockets sockets;
    private final CurrentServices services;

    private RpcServer(Server server, RpcSockets sockets, CurrentServices services) {
        this.server = server;
        this.sockets = sockets;
        this.services = services;
    }

    /**
     * Listens; every call is refused until it is served.
     *
     * @param leader says in a few words who leads, for those who are refused
     * @throws TarnException UNAVAILABLE where the port is taken
     */
    public static RpcServer start(RpcConfig config, Supplier<String> leader, MeterRegistry meters)
            throws TarnException {
        CurrentServices services = new CurrentServices(config, leader, meters);
        RpcSockets sockets = new RpcSockets(config.maxConnections(), meters);
        ServerBuilder<?> builder = sockets.builder(new InetSocketAddress(config.bindHost(), config.port()))
                .directExecutor()
                .maxInboundMessageSize((int) config.maxMessage().bytes())
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(config.callsPerConnection())
                .handshakeTimeout(config.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(60, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .fallbackHandlerRegistry(services);
        if (config.audit() != AuditExtent.OFF) {
            builder.intercept(new AuditLog(config.audit()));
        }
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            sockets.close();
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot listen on " + config.bindHost() + ":" + config.port() + " (" + e.getMessage()
                            + "): another process may use that port; stop it, or set master.port",
                    e);
        }
        return new RpcServer(server, sockets, services);
    }

    @Override
    public AutoCloseable serve(
            Namespace namespace, WorkerRegistry workers, Masters masters, ClusterFacts facts, BooleanSupplier leads) {
        return services.serve(namespace, workers, masters, facts, leads);
    }

    @Override
    public AutoCloseable serveAlways(Peer self) {
        return services.serveAlways(self);
    }

    /** The port in use. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        sockets.close();
    }
}
