package io.tarn.client;

/**
 * What a mount is granted of the cache of each worker.
 *
 * @param guaranteeBytes kept for the mount while there is anything else to evict; 0 = nothing
 * @param limitBytes the most that it takes, no less than the guarantee; 0 = all
 * @param priority 1 to 9: beyond the guarantees lower ones are evicted first; see {@link #DEFAULT_PRIORITY}
 */
public record CacheQuota(long guaranteeBytes, long limitBytes, int priority) {
    public static final int DEFAULT_PRIORITY = 5;
    public static final CacheQuota NONE = new CacheQuota(0, 0, DEFAULT_PRIORITY);
}
