package io.tarn.client.internal.data;

import io.netty.channel.unix.DomainSocketAddress;
import io.tarn.protocol.v1.WorkerAddress;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * One way to a worker.
 *
 * @param socketPath path of its Unix socket; "" for TCP
 */
public record Endpoint(long workerId, String host, int port, String socketPath) {
    /** The worker's Unix socket where it may be used and is on this host, else TCP. */
    public static Endpoint of(WorkerAddress worker, boolean unixSockets) {
        String path = worker.getSocketPath();
        boolean local = unixSockets && !path.isEmpty() && new File(path).exists();
        return new Endpoint(worker.getWorkerId(), worker.getHost(), worker.getDataPort(), local ? path : "");
    }

    public boolean isUnixSocket() {
        return !socketPath.isEmpty();
    }

    /** The same worker by TCP. */
    Endpoint byTcp() {
        return new Endpoint(workerId, host, port, "");
    }

    SocketAddress address() {
        return isUnixSocket() ? new DomainSocketAddress(socketPath) : new InetSocketAddress(host, port);
    }

    /** A connected channel that blocks; waits no longer than this for it. */
    SocketChannel openBlocking(int timeoutMillis) throws IOException {
        if (isUnixSocket()) {
            return SocketChannel.open(UnixDomainSocketAddress.of(socketPath));
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(host, port), timeoutMillis);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return isUnixSocket() ? socketPath : host + ":" + port;
    }
}
