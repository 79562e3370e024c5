package io.tarn.client.internal.read;

import io.tarn.client.internal.data.Endpoint;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workers that another one has overtaken lately. Reads turn to others first, so that they do not all wait; one read after each pause finds out whether the worker
 * has recovered. Thread-safe.
 */
final class SlowWorkers {
    private final long pauseNanos;
    private final Map<Long, Long> nextTryNanos = new ConcurrentHashMap<>();

    SlowWorkers(long pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    void add(Endpoint worker) {
        nextTryNanos.put(worker.workerId(), System.nanoTime() + pauseNanos);
    }

    /** It has answered in time. */
    void remove(Endpoint worker) {
        if (!nextTryNanos.isEmpty()) {
            nextTryNanos.remove(worker.workerId());
        }
    }

    boolean contains(Endpoint worker) {
        return nextTryNanos.containsKey(worker.workerId());
    }

    /** Whether to ask others first; false also for the one read that is to find out. */
    boolean avoid(Endpoint worker) {
        Long next = nextTryNanos.get(worker.workerId());
        if (next == null) {
            return false;
        }
        long now = System.nanoTime();
        return now - next < 0 || !nextTryNanos.replace(worker.workerId(), next, now + pauseNanos);
    }
}
