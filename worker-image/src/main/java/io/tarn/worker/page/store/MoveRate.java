package io.tarn.worker.page.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Bounds the bytes that background moves copy in a second: after each piece it waits as long as the piece is worth. One thread uses it. */
final class MoveRate {
    private final long bytesPerSecond;
    private final CountDownLatch stopped;
    private long owedNanos;

    /** @param stopped ends every wait at once */
    MoveRate(long bytesPerSecond, CountDownLatch stopped) {
        this.bytesPerSecond = bytesPerSecond;
        this.stopped = stopped;
    }

    /** Waits for bytes that were copied. @return false where the store is closing */
    boolean charge(long bytes) {
        owedNanos += bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
        if (owedNanos < TimeUnit.MILLISECONDS.toNanos(5)) {
            return stopped.getCount() > 0;
        }
        try {
            boolean closing = stopped.await(owedNanos, TimeUnit.NANOSECONDS);
            owedNanos = 0;
            return !closing;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
