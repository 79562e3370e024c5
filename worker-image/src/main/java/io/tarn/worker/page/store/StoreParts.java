package io.tarn.worker.page.store;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * What all segments of a store share.
 *
 * @param views the read-only mounts of tier directories, through which descriptors may leave
 * @param stripes locks of pages, by hash: changes of one page never overlap
 * @param pinning the bound on what is kept by the user's wish
 * @param clock seconds, in which the uses of a page are counted
 */
record StoreParts(
        Placement placement,
        OpenFiles openFiles,
        PageBuffers buffers,
        PageStoreMetrics metrics,
        ExportedSpace exportedSpace,
        ReadOnlyViews views,
        ReentrantLock[] stripes,
        Pinning pinning,
        CacheShares shares,
        IntSupplier clock) {
    private static final int STRIPES = 512;

    static ReentrantLock[] newStripes() {
        ReentrantLock[] stripes = new ReentrantLock[STRIPES];
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
        return stripes;
    }

    ReentrantLock stripe(long fileId, int page) {
        return stripes[(int) ((fileId * 31 + page) * 0x9E3779B97F4A7C15L >>> 40) & STRIPES - 1];
    }
}
