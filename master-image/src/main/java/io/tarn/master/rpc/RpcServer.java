package io.tarn.master.rpc;

import io.grpc.Server;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.membership.WorkerRegistry;
import io.tarn.master.namespace.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The gRPC server of the master. Calls run on Netty's own threads, since none of them waits: reads of memory answer there, changes answer from the leader,
 * and what needs a store goes elsewhere. Safe for many threads.
 */
public final class RpcServer implements AutoCloseable {
    private static final int MAX_METADATA_BYTES = 16 << 10;
    private static final int CLOSE_SECONDS = 5;

    private final Server server;
    private final Streams streams;
    private final RpcSockets sockets;

    private RpcServer(Server server, Streams streams, RpcSockets sockets) {
        this.server = server;
        this.streams = streams;
        this.sockets = sockets;
    }

    /**
     * @param leads whether answers may be given
     * @throws TarnException UNAVAILABLE where the port is taken
     */
    public static RpcServer start(
            RpcConfig config,
            Namespace namespace,
            WorkerRegistry workers,
            ClusterFacts facts,
            BooleanSupplier leads,
            MeterRegistry meters)
            throws TarnException {
        Calls calls = new Calls(config.maxCalls(), leads, meters);
        Streams streams = new Streams(calls);
        RpcSockets sockets = new RpcSockets(config.maxConnections(), meters);
        Server server = sockets.builder(new InetSocketAddress(config.bindHost(), config.port()))
                .directExecutor()
                .maxInboundMessageSize((int) config.maxMessage().bytes())
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(config.callsPerConnection())
                .handshakeTimeout(config.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(60, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(new FileSystemCalls(namespace, calls, streams))
                .addService(new AdminCalls(namespace, workers, facts, calls, streams))
                .addService(new WorkerCalls(namespace, workers, facts, calls))
                .build();
        try {
            server.start();
        } catch (IOException e) {
            streams.close();
            sockets.close();
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot listen on " + config.bindHost() + ":" + config.port() + " (" + e.getMessage()
                            + "): another process may use that port; stop it, or set master.port",
                    e);
        }
        return new RpcServer(server, streams, sockets);
    }

    /** The port in use. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdown();
        streams.close();
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
