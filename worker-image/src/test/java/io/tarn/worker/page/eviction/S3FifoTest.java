package io.tarn.worker.page.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class S3FifoTest {
    private static final int CAPACITY = 100;

    private final Pages pages = new Pages();
    private final S3Fifo queues = new S3Fifo(pages);

    @Test
    void nothingComesOutOfNothing() {
        assertEquals(-1, queues.evictOne());
    }

    @Test
    void pagesOfOneScanLeaveInTheirOrder() {
        for (long page = 0; page < CAPACITY; page++) {
            access(page);
        }
        queues.evictOne();
        assertFalse(pages.present.containsKey(0L));
        assertTrue(pages.present.containsKey(1L));
    }

    @Test
    void aScanDoesNotPushOutWhatIsUsed() {
        for (int round = 0; round < 4; round++) {
            for (long hot = 0; hot < 50; hot++) {
                access(hot);
            }
        }
        for (long scanned = 1000; scanned < 3000; scanned++) {
            access(scanned);
        }
        for (long hot = 0; hot < 50; hot++) {
            assertTrue(pages.present.containsKey(hot), "page " + hot);
        }
    }

    @Test
    void whatReturnsSoonAfterEvictionStaysLonger() {
        for (long page = 0; page < CAPACITY + 5; page++) {
            access(page);
        }
        assertFalse(pages.present.containsKey(0L));
        access(0);
        assertTrue(pages.main.contains(0L));
    }

    @Test
    void pagesInUseArePassedOverAndLeaveLater() {
        for (long page = 0; page < 10; page++) {
            access(page);
        }
        pages.inUse.addAll(Set.of(0L, 1L));
        for (int i = 0; i < 8; i++) {
            assertEquals(1, queues.evictOne());
        }
        assertEquals(-1, queues.evictOne());
        pages.inUse.clear();
        assertEquals(1, queues.evictOne());
        assertEquals(1, queues.evictOne());
        assertEquals(0, queues.pages());
    }

    @Test
    void removedPagesAreForgottenAndCostNoMemory() {
        for (long page = 0; page < 100_000; page++) {
            access(page);
            pages.present.remove(page);
            queues.removed(1, pages.main.remove(page));
        }
        assertEquals(0, queues.pages());
        assertTrue(queues.references() < 10_000, queues.references() + " stale references");
        assertEquals(-1, queues.evictOne());
    }

    private void access(long page) {
        if (pages.present.computeIfPresent(page, (key, frequency) -> Math.min(3, frequency + 1)) != null) {
            return;
        }
        while (pages.present.size() >= CAPACITY) {
            assertEquals(1, queues.evictOne());
        }
        pages.present.put(page, 0);
        queues.admit(page, 1);
    }

    /** Pages of one byte, with their frequencies. */
    private static final class Pages implements Residents {
        private final Map<Long, Integer> present = new HashMap<>();
        private final Set<Long> main = new HashSet<>();
        private final Set<Long> inUse = new HashSet<>();

        @Override
        public int bytesOf(long reference) {
            return present.containsKey(reference) ? 1 : -1;
        }

        @Override
        public long identityOf(long reference) {
            return reference * 0x9E3779B97F4A7C15L;
        }

        @Override
        public int frequencyOf(long reference) {
            return present.getOrDefault(reference, 0);
        }

        @Override
        public void decrementFrequency(long reference) {
            present.computeIfPresent(reference, (key, frequency) -> frequency - 1);
        }

        @Override
        public boolean isInMain(long reference) {
            return main.contains(reference);
        }

        @Override
        public boolean markInMain(long reference) {
            present.put(reference, 0);
            return main.add(reference);
        }

        @Override
        public boolean evict(long reference) {
            if (inUse.contains(reference)) {
                return false;
            }
            main.remove(reference);
            return present.remove(reference) != null;
        }
    }
}
