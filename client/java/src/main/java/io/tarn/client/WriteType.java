package io.tarn.client;

/** Where written data is when a file completes. */
public enum WriteType {
    /** What the nearest directory or mount above says; else ASYNC_THROUGH on a mount, MUST_CACHE elsewhere. */
    DEFAULT,
    /** In the cache only, until {@link TarnClient#persist} asks for more. */
    MUST_CACHE,
    /** In the cache and in the under store. */
    CACHE_THROUGH,
    /** In the under store only. */
    THROUGH,
    /** In the cache when the file is closed, and in the under store soon after. */
    ASYNC_THROUGH
}
