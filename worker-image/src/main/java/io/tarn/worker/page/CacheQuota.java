package io.tarn.worker.page;

/**
 * What a mount is granted of the cache of a worker. Immutable.
 *
 * @param mount its path, for messages and metrics
 * @param guaranteeBytes kept as long as there is anything else to evict; 0 = nothing
 * @param limitBytes the most that it takes; 0 = all
 * @param priority 1 to 9: beyond the guarantees lower ones are evicted first
 */
public record CacheQuota(String mount, long guaranteeBytes, long limitBytes, int priority) {
    public static final int DEFAULT_PRIORITY = 5;

    /** Of all mounts together that have no quota of their own. */
    public static final CacheQuota NONE = new CacheQuota("", 0, 0, DEFAULT_PRIORITY);

    /** Whether a mount with it is treated as one without. */
    public boolean isNone() {
        return guaranteeBytes == 0 && limitBytes == 0 && priority == DEFAULT_PRIORITY;
    }
}
