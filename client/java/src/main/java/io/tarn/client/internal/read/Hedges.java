package io.tarn.client.internal.read;

import io.tarn.client.internal.call.Counters;
import io.tarn.client.internal.call.Transport;
import io.tarn.client.internal.data.Endpoint;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Watches over the reads of one client, and asks a second worker for those that are silent for too long: at most {@link #MAX_AT_ONCE} at a time, so that a cluster
 * that is slow as a whole is not asked twice for everything. While nothing is read nothing runs. Thread-safe.
 */
public final class Hedges {
    static final int MAX_AT_ONCE = 8;

    /** Waits for slow workers are at most this part of all time. */
    private static final int PAUSE_FACTOR = 25;

    private static final int ROUNDS = 4;

    private final Transport transport;
    private final Counters counters;
    private final long afterNanos;
    private final long roundMillis;
    private final SlowWorkers slowWorkers;
    private final Semaphore room = new Semaphore(MAX_AT_ONCE);
    private final Set<Hedge> watched = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();

    /** @param after how long a read may be silent; zero: for ever */
    public Hedges(Transport transport, Counters counters, Duration after) {
        this.transport = transport;
        this.counters = counters;
        this.afterNanos = after.toNanos();
        this.roundMillis = Math.max(1, after.toMillis() / ROUNDS);
        this.slowWorkers = new SlowWorkers(PAUSE_FACTOR * afterNanos);
    }

    SlowWorkers slowWorkers() {
        return slowWorkers;
    }

    /** {@link Hedge#end} must follow. */
    void watch(Hedge hedge) {
        if (afterNanos > 0) {
            watched.add(hedge);
            scheduleRound();
        }
    }

    private void scheduleRound() {
        if (!watching.get() && watching.compareAndSet(false, true)) {
            transport.schedule(this::round, roundMillis, () -> {});
        }
    }

    private void round() {
        for (Hedge hedge : watched) {
            if (hedge.isLate(afterNanos) && room.tryAcquire()) {
                watched.remove(hedge);
                counters.hedge();
                hedge.begin(room::release);
            }
        }
        watching.set(false);
        if (!watched.isEmpty()) {
            scheduleRound();
        }
    }

    void ended(Hedge hedge) {
        watched.remove(hedge);
    }

    void overtaken(Endpoint worker) {
        counters.hedgeWon();
        slowWorkers.add(worker);
    }
}
