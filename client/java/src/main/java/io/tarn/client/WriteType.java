package io.tarn.client;

/** Where written data is when a file completes. */
public enum WriteType {
    /** CACHE_THROUGH on a mount, MUST_CACHE elsewhere. */
    DEFAULT,
    /** In the cache only. */
    MUST_CACHE,
    /** In the cache and in the under store. */
    CACHE_THROUGH,
    /** In the under store only. */
    THROUGH,
    /** In the cache, and soon in the under store. */
    ASYNC_THROUGH
}
