package io.tarn.client.internal.data;

import io.tarn.client.internal.call.Transport;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one client: at most {@link #MAX_PER_WORKER} to each worker, opened when they are wanted, closed when they were idle for a while, or when the
 * worker is silent although a thread waits for it. Thread-safe.
 */
public final class Lines implements AutoCloseable {
    static final int MAX_PER_WORKER = 8;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long MAX_SILENT_MILLIS = 5_000;
    private static final long MAX_CONNECT_MILLIS = 5_000;

    private final Transport transport;
    private final long silentNanos;
    private final long roundMillis;
    private final int connectMillis;
    private final Map<Endpoint, Slots> workers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Watches over lines that are silent.
     *
     * @param deadlineMillis within which a reader wants its answer, also where a worker is silent and it has to turn elsewhere
     * @param hedgeMillis after which it would rather turn elsewhere than wait for a connection; 0: it would not
     */
    public Lines(Transport transport, long deadlineMillis, long hedgeMillis) {
        this.transport = transport;
        long silentMillis = Math.min(MAX_SILENT_MILLIS, deadlineMillis / 4 + 1);
        this.silentNanos = TimeUnit.MILLISECONDS.toNanos(silentMillis);
        this.roundMillis = Math.min(1_000, silentMillis / 2 + 1);
        this.connectMillis = (int) (hedgeMillis == 0 ? MAX_CONNECT_MILLIS : Math.min(MAX_CONNECT_MILLIS, hedgeMillis));
        scheduleRound();
    }

    /** A line of the caller's own until {@link #giveBack} or {@link #discard}; null where all are in use. Waits for a new one to connect. */
    public @Nullable Line take(Endpoint endpoint) throws IOException {
        Slots slots = workers.computeIfAbsent(endpoint, key -> new Slots());
        Line idle = slots.takeIdle();
        if (idle != null || !slots.reserve()) {
            return idle;
        }
        Line line = null;
        try {
            line = Line.connect(endpoint, connectMillis);
        } finally {
            slots.connected(line);
        }
        if (closed) {
            discard(line);
            return null;
        }
        return line;
    }

    public void giveBack(Line line) throws IOException {
        Slots slots = slotsOf(line);
        do {
            line.tellForgotten();
            slots.giveBack(line);
        } while (line.hasForgotten() && slots.takeIdle(line));
    }

    /** A line that has failed. */
    public void discard(Line line) {
        slotsOf(line).remove(line);
        line.close();
    }

    /** Tells the worker, when the line is not in use, that a handle is not needed any more. */
    public void release(Line line, long handle) {
        line.forget(handle);
        if (slotsOf(line).takeIdle(line)) {
            try {
                giveBack(line);
            } catch (IOException e) {
                discard(line);
            }
        }
    }

    private Slots slotsOf(Line line) {
        return workers.computeIfAbsent(line.endpoint(), key -> new Slots());
    }

    private void scheduleRound() {
        transport.schedule(this::round, roundMillis, () -> {});
    }

    private void round() {
        if (!closed) {
            workers.values().forEach(slots -> slots.closeUseless(silentNanos));
            scheduleRound();
        }
    }

    @Override
    public void close() {
        closed = true;
        workers.values().forEach(Slots::closeAll);
    }

    /** The lines to one worker. */
    private static final class Slots {
        private final Set<Line> all = new HashSet<>();
        private final Deque<Line> idle = new ArrayDeque<>();
        private int connecting;

        synchronized @Nullable Line takeIdle() {
            Line line = idle.pollFirst();
            if (line != null) {
                line.taken();
            }
            return line;
        }

        synchronized boolean takeIdle(Line line) {
            line.taken();
            return idle.remove(line);
        }

        synchronized boolean reserve() {
            boolean room = all.size() + connecting < MAX_PER_WORKER;
            connecting += room ? 1 : 0;
            return room;
        }

        synchronized void connected(@Nullable Line line) {
            connecting--;
            if (line != null) {
                all.add(line);
            }
        }

        synchronized void giveBack(Line line) {
            if (all.contains(line)) {
                idle.addFirst(line);
            }
        }

        synchronized void remove(Line line) {
            all.remove(line);
            idle.remove(line);
        }

        synchronized void closeUseless(long silentNanos) {
            for (Line line : List.copyOf(all)) {
                if (line.isSilent(idle.contains(line) ? IDLE_NANOS : silentNanos)) {
                    remove(line);
                    line.close();
                }
            }
        }

        synchronized void closeAll() {
            new ArrayList<>(all).forEach(line -> {
                remove(line);
                line.close();
            });
        }
    }
}
