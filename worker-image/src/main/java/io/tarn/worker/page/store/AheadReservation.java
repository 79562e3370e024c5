package io.tarn.worker.page.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Room that a segment which has just got its place is expected to fill, so that later segments are put elsewhere and it need not move. It shrinks as pages come,
 * and by half in each of the mover's rounds in which none came. Thread-safe.
 */
final class AheadReservation {
    private final TierDirectory directory;
    private final AtomicLong bytes = new AtomicLong();
    private long bytesLastRound;

    AheadReservation(TierDirectory directory) {
        this.directory = directory;
    }

    void reserve(long expectedBytes) {
        bytes.addAndGet(expectedBytes);
        directory.reservedAheadBytes().addAndGet(expectedBytes);
    }

    void used(long usedBytes) {
        if (bytes.get() > 0) {
            long before = bytes.getAndUpdate(left -> Math.max(0, left - usedBytes));
            directory.reservedAheadBytes().addAndGet(-Math.min(before, usedBytes));
        }
    }

    void cancel() {
        directory.reservedAheadBytes().addAndGet(-bytes.getAndSet(0));
    }

    /** Called by one thread. */
    void age() {
        long left = bytes.get();
        if (left > 0 && left == bytesLastRound) {
            used(left / 2 + 1);
        }
        bytesLastRound = bytes.get();
    }
}
