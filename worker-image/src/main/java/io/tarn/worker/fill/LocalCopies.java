package io.tarn.worker.fill;

import io.tarn.protocol.v1.TierUsage;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Pages whose home is another worker, kept here for readers of this one in a bounded share of the capacity: beyond it those leave that came first and were not used again, so that they do not push
 * out what only this worker keeps for the cluster. In memory only: what was kept before a restart counts as this worker's own. Safe for many threads.
 */
final class LocalCopies {
    /** Looked at for each that comes: among so many that are all in use the share may be exceeded for a while. */
    private static final int LOOKS = 8;

    private final PageStore pages;
    private final int percent;
    private final Deque<Copy> oldestFirst = new ArrayDeque<>();
    private long bytes;

    private record Copy(PageKey key, int lengthBytes) {}

    LocalCopies(PageStore pages, int percent) {
        this.pages = pages;
        this.percent = percent;
    }

    synchronized void stored(PageKey key, int lengthBytes) {
        oldestFirst.addLast(new Copy(key, lengthBytes));
        bytes += lengthBytes;
        long mostBytes = capacityBytes() * percent / 100;
        for (int looks = 0; looks < LOOKS && bytes > mostBytes; looks++) {
            Copy oldest = oldestFirst.removeFirst();
            if (drop(oldest.key)) {
                bytes -= oldest.lengthBytes;
            } else {
                oldestFirst.addLast(oldest);
            }
        }
    }

    private long capacityBytes() {
        return pages.usage().stream().mapToLong(TierUsage::getCapacityBytes).sum();
    }

    private boolean drop(PageKey key) {
        try (CachedFile file = pages.find(key.version())) {
            return file == null || file.dropUnlessUsed(key.page());
        }
    }
}
