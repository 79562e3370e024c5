package io.tarn.master.leader;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The bounded queue between callers (many threads) and the leader's two threads, of which the validation thread also waits here for the journal. */
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
     * Waits until enough operations are there, something else is to be done, or the queue is closed.
     *
     * @param enough operations that are worth waking up for; asked again after each {@link #wake}, as is {@code otherwiseReady}
     */
    void awaitWork(IntSupplier enough, BooleanSupplier otherwiseReady) throws InterruptedException {
        lock.lock();
        try {
            while (closedBecause == null && !otherwiseReady.getAsBoolean()) {
                wakeAt = enough.getAsInt();
                if (waiting.size() >= wakeAt) {
                    return;
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The operation that has waited longest; null where none waits. */
    @Nullable
    PendingOperation<R, ?> poll() {
        lock.lock();
        try {
            return waiting.pollFirst();
        } finally {
            lock.unlock();
        }
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
