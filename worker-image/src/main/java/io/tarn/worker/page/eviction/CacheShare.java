package io.tarn.worker.page.eviction;

import io.tarn.worker.page.CacheQuota;
import java.util.concurrent.atomic.AtomicLong;

/** What one mount with a quota has of the cache, in all directories, or all mounts without a quota together. Thread-safe. */
public final class CacheShare {
    /** Ranks from here on stand for what is within its guarantee. */
    static final int WITHIN_GUARANTEE = 20;

    private static final int BEYOND_GUARANTEE = 10;
    private static final int BEYOND_LIMIT = 0;

    private final CacheQuota quota;
    private final AtomicLong usedBytes = new AtomicLong();

    public CacheShare(CacheQuota quota) {
        this.quota = quota;
    }

    public CacheQuota quota() {
        return quota;
    }

    public void add(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    /** Whether so many bytes more stay within the limit. */
    public boolean allows(long moreBytes) {
        return quota.limitBytes() == 0 || usedBytes.get() + moreBytes <= quota.limitBytes();
    }

    /** Whether all that it has is guaranteed: then it loses something only where there is nothing else. */
    public boolean isWithinGuarantee() {
        return rank() >= WITHIN_GUARANTEE;
    }

    /** Lower ranks are evicted first. */
    public int rank() {
        if (!allows(0)) {
            return BEYOND_LIMIT;
        }
        return (excessBytes() > 0 ? BEYOND_GUARANTEE : WITHIN_GUARANTEE) + quota.priority();
    }

    /** What it has beyond its guarantee; of equal rank the one with more loses more. */
    public long excessBytes() {
        return usedBytes.get() - quota.guaranteeBytes();
    }
}
