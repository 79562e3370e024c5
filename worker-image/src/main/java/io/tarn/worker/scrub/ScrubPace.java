package io.tarn.worker.scrub;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps a walk within a rate: after each piece it waits until the time has come for what was read. One thread uses it. */
final class ScrubPace {
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final long bytesPerSecond;
    private final CountDownLatch stopped;
    private long owedNanos;

    /** @param stopped ends every wait at once */
    ScrubPace(long bytesPerSecond, CountDownLatch stopped) {
        this.bytesPerSecond = bytesPerSecond;
        this.stopped = stopped;
    }

    /** @return false where the walk has to stop */
    boolean read(long bytes) {
        owedNanos += (long) (bytes * 1e9 / bytesPerSecond);
        if (owedNanos < SHORTEST_WAIT_NANOS) {
            return stopped.getCount() > 0;
        }
        try {
            boolean stop = stopped.await(owedNanos, TimeUnit.NANOSECONDS);
            owedNanos = 0;
            return !stop;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
