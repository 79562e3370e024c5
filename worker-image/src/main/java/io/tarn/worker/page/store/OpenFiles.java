package io.tarn.worker.page.store;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Bounds the open segment files (two descriptors each): beyond the bound the longest open idle ones are closed. Thread-safe. */
final class OpenFiles {
    private final int bound;
    private final AtomicInteger count = new AtomicInteger();

    /** Length of the queue, in which files that were closed otherwise stay until they are met. */
    private final AtomicInteger queued = new AtomicInteger();

    private final ConcurrentLinkedQueue<SegmentFile> opened = new ConcurrentLinkedQueue<>();

    OpenFiles(int bound) {
        this.bound = bound;
    }

    void opened(SegmentFile file) {
        count.incrementAndGet();
        add(file);
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
        while ((count.get() > bound || queued.get() > 2 * bound) && attempts-- > 0) {
            SegmentFile oldest = poll();
            if (oldest == null) {
                return;
            }
            if (!oldest.closeIfIdle()) {
                add(oldest);
            }
        }
    }

    /** Closes all that nobody uses. */
    void closeAll() {
        for (int left = queued.get(); left > 0; left--) {
            SegmentFile file = poll();
            if (file != null && !file.closeIfIdle()) {
                add(file);
            }
        }
    }

    private void add(SegmentFile file) {
        queued.incrementAndGet();
        opened.add(file);
    }

    private @Nullable SegmentFile poll() {
        SegmentFile file = opened.poll();
        if (file != null) {
            queued.decrementAndGet();
        }
        return file;
    }
}
