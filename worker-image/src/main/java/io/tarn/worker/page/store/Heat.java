package io.tarn.worker.page.store;

import java.util.concurrent.atomic.AtomicLong;

/** How much of a segment is used, decaying by half every five minutes. Touched by many threads, aged and asked by the one that moves segments. */
final class Heat {
    private static final double HALF_LIFE_SECONDS = 300;

    private final AtomicLong touchedBytes = new AtomicLong();
    private volatile double bytes;

    /** A page of this length came or was used; callers count the uses of a page once a second. */
    void touched(long lengthBytes) {
        touchedBytes.addAndGet(lengthBytes);
    }

    void age(double seconds) {
        bytes = bytes * Math.pow(0.5, seconds / HALF_LIFE_SECONDS) + touchedBytes.getAndSet(0);
    }

    double bytes() {
        return bytes;
    }
}
