package io.tarn.benchmarks.eviction;

import io.tarn.worker.page.eviction.Residents;
import io.tarn.worker.page.eviction.S3Fifo;
import java.util.HashMap;
import java.util.Map;

/** The worker's own S3-FIFO queues, over pages of one byte. */
final class TarnQueues implements Policy {
    private final Map<Long, Page> pages = new HashMap<>();
    private final S3Fifo queues = new S3Fifo(new Pages());
    private final long capacity;

    TarnQueues(long capacity) {
        this.capacity = capacity;
    }

    @Override
    public boolean access(long page) {
        Page known = pages.get(page);
        if (known != null) {
            known.frequency = Math.min(3, known.frequency + 1);
            return true;
        }
        if (pages.size() >= capacity && queues.evictOne() < 0) {
            throw new IllegalStateException("nothing to evict among " + pages.size());
        }
        pages.put(page, new Page());
        queues.admit(page, 1);
        return false;
    }

    private static final class Page {
        private int frequency;
        private boolean inMain;
    }

    private final class Pages implements Residents {
        @Override
        public int bytesOf(long reference) {
            return pages.containsKey(reference) ? 1 : -1;
        }

        @Override
        public long identityOf(long reference) {
            long mixed = (reference ^ reference >>> 31) * 0xD6E8FEB86659FD93L;
            return (mixed ^ mixed >>> 29) * 0x9E3779B97F4A7C15L;
        }

        @Override
        public int frequencyOf(long reference) {
            Page page = pages.get(reference);
            return page == null ? 0 : page.frequency;
        }

        @Override
        public void decrementFrequency(long reference) {
            Page page = pages.get(reference);
            if (page != null) {
                page.frequency--;
            }
        }

        @Override
        public boolean isInMain(long reference) {
            Page page = pages.get(reference);
            return page != null && page.inMain;
        }

        @Override
        public boolean markInMain(long reference) {
            Page page = pages.get(reference);
            if (page == null) {
                return false;
            }
            page.frequency = 0;
            page.inMain = true;
            return true;
        }

        @Override
        public boolean evict(long reference) {
            return pages.remove(reference) != null;
        }
    }
}
