/**
 * The page store over tier directories. Starting point: {@link io.tarn.worker.page.store.TieredPageStore}.
 *
 * <p>A {@code StoredFile} has {@code Segment}s; each lies in one {@code SegmentFile} (a sparse data file and its index) of one {@code TierDirectory}. Locks, in
 * the order in which they may be taken: a segment's read-write lock, a page's stripe, the lock of a directory's eviction queues. A hit takes none of them.
 */
@NullMarked
package io.tarn.worker.page.store;

import org.jspecify.annotations.NullMarked;
