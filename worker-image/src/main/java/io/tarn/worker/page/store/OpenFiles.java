package io.tarn.worker.page.store;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the open segment files (two descriptors each): beyond the bound the longest open idle ones are closed. Thread-safe. */
final class OpenFiles {
    private final int bound;
    private final AtomicInteger count = new AtomicInteger();
    private final ConcurrentLinkedQueue<SegmentFile> opened = new ConcurrentLinkedQueue<>();

    OpenFiles(int bound) {
        this.bound = bound;
    }

    void opened(SegmentFile file) {
        count.incrementAndGet();
        opened.add(file);
    }

    void closed() {
        count.decrementAndGet();
    }

    int count() {
        return count.get();
    }

    /** Files in use stay open: with all in use the bound is exceeded, by no more than the leases that are out. */
    void trim() {
        int attempts = 16;
        while (count.get() > bound && attempts-- > 0) {
            SegmentFile oldest = opened.poll();
            if (oldest == null) {
                return;
            }
            if (!oldest.closeIfIdle()) {
                opened.add(oldest);
            }
        }
    }
}
