package io.tarn.testing.s3;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes callers wait as a network and a distant server would: a fixed time for each request, and a shared bound on bytes per second, kept by giving
 * every transfer the next free slot of one time line. Thread-safe; blocks the calling thread, which should be virtual.
 */
final class TrafficShaper {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    /** Waits shorter than this are carried over to the next transfer: timers are not more exact. */
    private static final long SLACK_NANOS = 2 * NANOS_PER_MILLI;

    private final AtomicLong lineFreeAt = new AtomicLong(System.nanoTime());
    private volatile long delayNanos;
    private volatile long bytesPerSecond;

    TrafficShaper(long delayMillis, long bandwidthBytesPerSecond) {
        shape(delayMillis, bandwidthBytesPerSecond);
    }

    /** Changes the shape for what comes next; 0 means unbounded, or no delay. */
    void shape(long delayMillis, long bandwidthBytesPerSecond) {
        delayNanos = delayMillis * NANOS_PER_MILLI;
        bytesPerSecond = bandwidthBytesPerSecond;
    }

    void awaitFirstByte() {
        if (delayNanos > 0) {
            awaitUntil(System.nanoTime() + delayNanos);
        }
    }

    void awaitTransfer(long bytes) {
        long rate = bytesPerSecond;
        if (rate == 0 || bytes == 0) {
            return;
        }
        long lengthNanos = Math.max(1, bytes * NANOS_PER_SECOND / rate);
        long now = System.nanoTime();
        long end = lineFreeAt.updateAndGet(freeAt -> Math.max(freeAt, now) + lengthNanos);
        if (end - now > SLACK_NANOS) {
            awaitUntil(end);
        }
    }

    private static void awaitUntil(long deadline) {
        long left = deadline - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = deadline - System.nanoTime();
        }
    }
}
