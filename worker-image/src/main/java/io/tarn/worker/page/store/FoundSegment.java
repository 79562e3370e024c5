package io.tarn.worker.page.store;

import io.tarn.worker.page.index.IndexHeader;

/**
 * A segment found in a tier directory at the start.
 *
 * @param entries one a page; 0 absent
 * @param modifiedMillis when the index was last written, which orders the queues
 */
record FoundSegment(TierDirectory directory, IndexHeader header, long[] entries, long modifiedMillis) {}
