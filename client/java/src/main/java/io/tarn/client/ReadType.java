package io.tarn.client;

/** What a read leaves in the cache. */
public enum ReadType {
    /** Cached here and moved towards the top tier. */
    CACHE_PROMOTE,
    /** Cached, where it is. */
    CACHE,
    /** Not cached. */
    NO_CACHE
}
