package io.tarn.benchmarks.eviction;

import io.tarn.worker.page.CacheQuota;
import io.tarn.worker.page.eviction.CacheShare;
import io.tarn.worker.page.eviction.Residents;
import io.tarn.worker.page.eviction.ShareQueues;

/** The worker's own queues, over pages of one byte, which belong in turn to mounts with quotas and one without. */
public final class TarnQueues implements Policy {
    private static final byte PRESENT = 4;
    private static final byte MAIN = 8;
    private static final byte FREQUENCY = 3;

    private final byte[] states;
    private final CacheShare[] shares;
    private final ShareQueues queues;
    private final int capacity;
    private int size;

    /**
     * @param distinctPages all that will be asked for are below
     * @param quotas mounts with a quota: half of what would be their part is guaranteed to each
     */
    public TarnQueues(int capacity, int distinctPages, int quotas) {
        this.capacity = capacity;
        states = new byte[distinctPages];
        shares = new CacheShare[quotas + 1];
        shares[0] = new CacheShare(CacheQuota.NONE);
        for (int i = 1; i <= quotas; i++) {
            long guarantee = capacity / (2L * quotas + 2);
            shares[i] = new CacheShare(new CacheQuota("/" + i, guarantee, 0, CacheQuota.DEFAULT_PRIORITY));
        }
        queues = new ShareQueues(new Pages(), shares[0]);
    }

    @Override
    public boolean access(int page) {
        byte state = states[page];
        if ((state & PRESENT) != 0) {
            if ((state & FREQUENCY) != FREQUENCY) {
                states[page]++;
            }
            return true;
        }
        if (size == capacity) {
            if (queues.evictExcess() < 0) {
                throw new IllegalStateException("nothing to evict among " + size);
            }
            size--;
        }
        states[page] = PRESENT;
        size++;
        shareOf(page).add(1);
        queues.of(shareOf(page)).admit(page, 1);
        return false;
    }

    private CacheShare shareOf(int page) {
        return shares[page % shares.length];
    }

    /** What the page table of a segment is to the worker. */
    private final class Pages implements Residents {
        @Override
        public int bytesOf(long reference) {
            return (states[(int) reference] & PRESENT) != 0 ? 1 : -1;
        }

        @Override
        public long identityOf(long reference) {
            long mixed = (reference ^ reference >>> 31) * 0xD6E8FEB86659FD93L;
            return (mixed ^ mixed >>> 29) * 0x9E3779B97F4A7C15L;
        }

        @Override
        public int frequencyOf(long reference) {
            return states[(int) reference] & FREQUENCY;
        }

        @Override
        public void decrementFrequency(long reference) {
            states[(int) reference]--;
        }

        @Override
        public boolean isInMain(long reference) {
            return (states[(int) reference] & MAIN) != 0;
        }

        @Override
        public boolean markInMain(long reference) {
            states[(int) reference] = PRESENT | MAIN;
            return true;
        }

        @Override
        public boolean evict(long reference) {
            states[(int) reference] = 0;
            shareOf((int) reference).add(-1);
            return true;
        }
    }
}
