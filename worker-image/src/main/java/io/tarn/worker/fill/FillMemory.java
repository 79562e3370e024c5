package io.tarn.worker.fill;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The bound on memory for pages in flight, handed out first come, first served. Safe for many threads. */
final class FillMemory {
    private static final int UNIT_BYTES = 4 << 10;

    private final Semaphore units;
    private final int capacityUnits;
    private final Runnable reclaim;

    /** @param reclaim gives back what is kept without need; called where memory has run out */
    FillMemory(long bytes, Runnable reclaim) {
        capacityUnits = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT_BYTES);
        units = new Semaphore(capacityUnits, true);
        this.reclaim = reclaim;
    }

    /** Waits until so much is free. */
    void acquire(long bytes) throws InterruptedException {
        int wanted = unitsOf(bytes);
        if (!units.tryAcquire(wanted, 0, TimeUnit.SECONDS)) {
            reclaim.run();
            units.acquire(wanted);
        }
    }

    void release(long bytes) {
        units.release(unitsOf(bytes));
    }

    /** Whether somebody waits: then nothing should be kept without need. */
    boolean contended() {
        return units.hasQueuedThreads();
    }

    long freeBytes() {
        return (long) units.availablePermits() * UNIT_BYTES;
    }

    long capacityBytes() {
        return (long) capacityUnits * UNIT_BYTES;
    }

    private int unitsOf(long bytes) {
        return (int) Math.min(capacityUnits, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }
}
