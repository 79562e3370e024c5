package io.tarn.master.leader;

import java.time.Duration;

/**
 * How long the open batch may wait for those whose operations were just answered, who mostly ask again at once. Without it the operations under way fall
 * into two halves that take turns, each in a batch of its own: twice the appends for the same work. (Known from databases as a delay of commits.)
 *
 * <p>Used by one thread. Times are those of {@link System#nanoTime}.
 */
final class CommitDelay {
    /** How long nobody may come before the batch goes, as a part of the append before it. */
    private static final int PART_WITHOUT_ANY = 4;

    private static final long MAX_NANOS = Duration.ofMillis(20).toNanos();

    private int awaited;
    private int present;
    private long patienceNanos;
    private long endNanos;
    private long lastEndNanos;

    /**
     * Begins when a batch is committed.
     *
     * @param answered operations that were answered with it: so many may soon be there
     * @param inOpenBatch those that are there already
     * @param appendNanos how long the batch was on its way; the next one waits no longer, and a quarter of it where nobody comes
     */
    void begin(int answered, int inOpenBatch, long appendNanos, long nowNanos) {
        awaited = answered + inOpenBatch;
        present = inOpenBatch;
        long longest = Math.min(appendNanos, MAX_NANOS);
        patienceNanos = longest / PART_WITHOUT_ANY;
        endNanos = nowNanos + patienceNanos;
        lastEndNanos = nowNanos + longest;
    }

    /** Takes note of what is in the open batch now: while more come, it is worth waiting. */
    void look(int inOpenBatch, long nowNanos) {
        if (inOpenBatch > present) {
            present = inOpenBatch;
            endNanos = nowNanos + Math.min(patienceNanos, lastEndNanos - nowNanos);
        }
    }

    /** Operations that are still worth waiting for; 0: the batch is to go. */
    int missing(long nowNanos) {
        return present == 0 || nowNanos - endNanos >= 0 ? 0 : Math.max(0, awaited - present);
    }

    /** Ends it: the batch goes. */
    void end() {
        awaited = 0;
    }

    long remainingNanos(long nowNanos) {
        return Math.max(0, endNanos - nowNanos);
    }
}
