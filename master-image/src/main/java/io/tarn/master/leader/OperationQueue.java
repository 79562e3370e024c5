package io.tarn.master.leader;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The bounded queue between callers (many threads) and the validation thread (one), which also waits here for the journal. */
final class OperationQueue<R> {
    private static final int RETRY_AFTER_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<PendingOperation<R, ?>> waiting = new ArrayDeque<>();
    private final int capacity;
    private int wakeAt = 1;
    private @Nullable TarnException closedBecause;

    OperationQueue(int capacity) {
        this.capacity = capacity;
    }

    /** @throws TarnException BUSY over the bound; the reason of {@link #close} after it */
    void add(PendingOperation<R, ?> operation) throws TarnException {
        lock.lock();
        try {
            if (closedBecause != null) {
                throw new TarnException(closedBecause.code(), closedBecause.getMessage(), closedBecause);
            }
            if (waiting.size() >= capacity) {
                throw new TarnException(
                        ErrorCode.BUSY,
                        "more than " + capacity
                                + " changes wait for the journal: try again later, or raise master.leader.queue-operations",
                        null,
                        RETRY_AFTER_MILLIS);
            }
            waiting.addLast(operation);
            if (waiting.size() == wakeAt) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until operations are there, {@code otherwiseReady}, or the queue is closed.
     *
     * @param enough operations that are worth waking up for
     * @return at most {@code max} operations, maybe none
     */
    List<PendingOperation<R, ?>> take(int enough, int max, BooleanSupplier otherwiseReady) throws InterruptedException {
        lock.lock();
        try {
            wakeAt = enough;
            while (waiting.size() < enough && closedBecause == null && !otherwiseReady.getAsBoolean()) {
                changed.await();
            }
            return poll(max);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until as many operations are there as are {@code enough}, the time is over, or the queue is closed. */
    List<PendingOperation<R, ?>> take(int enough, int max, long nanos) throws InterruptedException {
        lock.lock();
        try {
            wakeAt = enough;
            long remaining = nanos;
            while (waiting.size() < enough && closedBecause == null && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            return poll(max);
        } finally {
            lock.unlock();
        }
    }

    private List<PendingOperation<R, ?>> poll(int max) {
        List<PendingOperation<R, ?>> taken = new ArrayList<>(Math.min(max, waiting.size()));
        while (!waiting.isEmpty() && taken.size() < max) {
            taken.add(waiting.removeFirst());
        }
        return taken;
    }

    /** Waits for a condition that another thread makes true before it calls {@link #wake()}. */
    void await(BooleanSupplier condition) throws InterruptedException {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses everything from now on. The first reason stays. */
    void close(TarnException reason) {
        lock.lock();
        try {
            if (closedBecause == null) {
                closedBecause = reason;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closedBecause != null;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
