package io.tarn.client.internal.data;

import io.tarn.client.internal.call.Transport;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The connections of one client: for each worker one, and a few more once that one is busy. Thread-safe. */
public final class WorkerConnections implements AutoCloseable {
    private static final int MAX_PER_WORKER = 4;
    private static final int BUSY_LOAD = 2;

    private final Dialer dialer;
    private final Map<Endpoint, Slots> workers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public WorkerConnections(Transport transport) {
        this.dialer = new Dialer(transport);
    }

    /** The connection with the least to do. */
    public CompletableFuture<DataConnection> get(Endpoint endpoint) {
        if (closed) {
            return CompletableFuture.failedFuture(clientClosed());
        }
        return workers.computeIfAbsent(endpoint, Slots::new).pick();
    }

    /** A connection of the caller's own. The caller closes it. */
    public CompletableFuture<DataConnection> dedicated(Endpoint endpoint) {
        return dialer.dialOnce(endpoint);
    }

    @Override
    public void close() {
        closed = true;
        workers.values().forEach(Slots::close);
    }

    private static TarnException clientClosed() {
        return new TarnException(ErrorCode.UNAVAILABLE, "this client is closed");
    }

    private final class Slots {
        private final Endpoint endpoint;
        private volatile List<DataConnection> open = List.of();
        private volatile CompletableFuture<DataConnection> dialling;

        Slots(Endpoint endpoint) {
            this.endpoint = endpoint;
            this.dialling = CompletableFuture.failedFuture(clientClosed());
        }

        CompletableFuture<DataConnection> pick() {
            DataConnection best = null;
            List<DataConnection> candidates = open;
            for (DataConnection each : candidates) {
                if (each.isOpen() && (best == null || each.load() < best.load())) {
                    best = each;
                }
            }
            if (best == null) {
                return dialOne();
            }
            if (best.load() >= BUSY_LOAD && candidates.size() < MAX_PER_WORKER && dialling.isDone()) {
                var unused = dialOne();
            }
            return CompletableFuture.completedFuture(best);
        }

        private synchronized CompletableFuture<DataConnection> dialOne() {
            if (!dialling.isDone()) {
                return dialling;
            }
            dialling = dialer.dial(endpoint).thenApply(this::opened);
            return dialling;
        }

        private synchronized DataConnection opened(DataConnection connection) {
            List<DataConnection> live = new ArrayList<>(open);
            live.removeIf(each -> !each.isOpen());
            live.add(connection);
            open = List.copyOf(live);
            if (closed) {
                close();
            }
            return connection;
        }

        synchronized void close() {
            open.forEach(each -> each.close(clientClosed()));
            open = List.of();
        }
    }
}
