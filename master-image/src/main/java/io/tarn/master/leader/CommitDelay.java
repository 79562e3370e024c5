package io.tarn.master.leader;

import java.time.Duration;

/**
 * How long the open batch may wait for those whose operations were just answered, who mostly ask again at once. Without it the operations under way fall
 * into two halves that take turns, each in a batch of its own: twice the appends for the same work. (Known from databases as a delay of commits.)
 *
 * <p>Used by one thread. Times are those of {@link System#nanoTime}.
 */
final class CommitDelay {
    /** What the delay may cost an operation that waits for nobody, as a part of the append before it. */
    private static final int PART_OF_APPEND = 4;

    private static final long MAX_NANOS = Duration.ofMillis(5).toNanos();

    private int awaited;
    private long endNanos;

    /**
     * Begins when a batch is committed.
     *
     * @param operations those answered and those already in the open batch: so many may soon be there
     * @param appendNanos how long the batch was on its way
     */
    void begin(int operations, long appendNanos, long nowNanos) {
        awaited = operations;
        endNanos = nowNanos + Math.min(appendNanos / PART_OF_APPEND, MAX_NANOS);
    }

    /** Operations that are still worth waiting for; 0: the batch is to go. */
    int missing(int inOpenBatch, long nowNanos) {
        return inOpenBatch == 0 || nowNanos - endNanos >= 0 ? 0 : Math.max(0, awaited - inOpenBatch);
    }

    /** Ends it: the batch goes. */
    void end() {
        awaited = 0;
    }

    long remainingNanos(long nowNanos) {
        return Math.max(0, endNanos - nowNanos);
    }
}
