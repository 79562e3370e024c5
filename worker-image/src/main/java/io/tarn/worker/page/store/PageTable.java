package io.tarn.worker.page.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The state of every page of one segment file, 8 bytes each, changed by compare-and-set only. Memory grows by chunks of 512 pages as they are touched.
 * Thread-safe.
 *
 * <pre>
 *   bits 63..32 CRC32C    31..16 leases    15..14 uses again    13..8 second of the last use    3 main queue    2 damaged    1 verified    0 present
 * </pre>
 */
final class PageTable {
    static final long PRESENT = 1;
    static final long VERIFIED = 2;
    static final long DAMAGED = 4;
    static final long MAIN = 8;
    static final int MAX_LEASES = 0xFFFF;

    private static final int CHUNK_BITS = 9;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final long LEASE = 1L << 16;
    private static final long LEASES = 0xFFFF0000L;
    private static final int FREQUENCY_SHIFT = 14;
    private static final long FREQUENCY = 3L << FREQUENCY_SHIFT;
    private static final long SECOND = 0x3F00L;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final AtomicReferenceArray<long[]> chunks;
    private final int capacity;

    PageTable(int pages) {
        capacity = pages;
        chunks = new AtomicReferenceArray<>((pages - 1 >>> CHUNK_BITS) + 1);
    }

    long get(int page) {
        long[] chunk = chunks.get(page >>> CHUNK_BITS);
        return chunk == null ? 0 : (long) ELEMENT.getVolatile(chunk, page & CHUNK - 1);
    }

    static int crc32cOf(long state) {
        return (int) (state >>> 32);
    }

    static boolean isPresent(long state) {
        return (state & PRESENT) != 0;
    }

    static int leasesOf(long state) {
        return (int) (state & LEASES) >>> 16;
    }

    static boolean isLeased(long state) {
        return (state & LEASES) != 0;
    }

    static int frequencyOf(long state) {
        return (int) (state >>> FREQUENCY_SHIFT) & 3;
    }

    /** Makes an absent page present. */
    void put(int page, int crc32c, long flags, int second) {
        set(page, (long) crc32c << 32 | flags | PRESENT | (long) (second & 63) << 8);
    }

    /** As {@link #put}, with the uses that the page had in another file. */
    void putCopy(int page, long stateThere) {
        set(page, stateThere & ~(LEASES | MAIN));
    }

    /**
     * Adds a lease to a page that is present, checked and whole, and counts the use, once a second.
     *
     * @return the state before; no lease was added where it is not PRESENT and VERIFIED, or where 65,535 leases are out
     */
    long lease(int page, int second) {
        long[] chunk = chunks.get(page >>> CHUNK_BITS);
        if (chunk == null) {
            return 0;
        }
        while (true) {
            long state = (long) ELEMENT.getVolatile(chunk, page & CHUNK - 1);
            if (!isLeasable(state) || (state & LEASES) == LEASES) {
                return state;
            }
            long next = isUsedIn(state, second) ? state + LEASE : used(state, second) + LEASE;
            if (ELEMENT.compareAndSet(chunk, page & CHUNK - 1, state, next)) {
                return state;
            }
        }
    }

    static boolean isLeasable(long state) {
        return (state & (PRESENT | VERIFIED | DAMAGED)) == (PRESENT | VERIFIED);
    }

    static boolean isUsedIn(long state, int second) {
        return (state & SECOND) == (long) (second & 63) << 8;
    }

    void release(int page) {
        long[] chunk = chunkOf(page);
        ELEMENT.getAndAdd(chunk, page & CHUNK - 1, -LEASE);
    }

    void addFlags(int page, long flags) {
        ELEMENT.getAndBitwiseOr(chunkOf(page), page & CHUNK - 1, flags);
    }

    void decrementFrequency(int page) {
        long state = get(page);
        if (frequencyOf(state) > 0) {
            ELEMENT.compareAndSet(chunkOf(page), page & CHUNK - 1, state, state - (1L << FREQUENCY_SHIFT));
        }
    }

    /** @return false where the page is absent */
    boolean markInMain(int page) {
        while (true) {
            long state = get(page);
            if (!isPresent(state)) {
                return false;
            }
            if (ELEMENT.compareAndSet(chunkOf(page), page & CHUNK - 1, state, state & ~FREQUENCY | MAIN)) {
                return true;
            }
        }
    }

    /** Makes a present page absent unless it is leased. @return the state before; 0 where nothing was changed */
    long removeIfIdle(int page) {
        long state = get(page);
        boolean removed = isPresent(state)
                && !isLeased(state)
                && ELEMENT.compareAndSet(chunkOf(page), page & CHUNK - 1, state, 0L);
        return removed ? state : 0;
    }

    /** Pages that this table can hold. */
    int capacity() {
        return capacity;
    }

    int[] presentPages() {
        IntStream.Builder present = IntStream.builder();
        forEachPresent(present::add);
        return present.build().toArray();
    }

    void forEachPresent(IntConsumer action) {
        for (int i = 0; i < chunks.length(); i++) {
            long[] chunk = chunks.get(i);
            for (int offset = 0; chunk != null && offset < chunk.length; offset++) {
                int page = i << CHUNK_BITS | offset;
                if (isPresent(get(page))) {
                    action.accept(page);
                }
            }
        }
    }

    /** Whether every present page is checked and whole. */
    boolean allLeasable() {
        for (int page : presentPages()) {
            if (!isLeasable(get(page))) {
                return false;
            }
        }
        return true;
    }

    private static long used(long state, int second) {
        long frequency = Math.min(3, frequencyOf(state) + 1);
        return state & ~(FREQUENCY | SECOND) | frequency << FREQUENCY_SHIFT | (long) (second & 63) << 8;
    }

    private void set(int page, long state) {
        ELEMENT.setVolatile(chunkOf(page), page & CHUNK - 1, state);
    }

    private long[] chunkOf(int page) {
        long[] chunk = chunks.get(page >>> CHUNK_BITS);
        if (chunk == null) {
            int start = page & -CHUNK;
            chunks.compareAndSet(page >>> CHUNK_BITS, null, new long[Math.min(CHUNK, capacity - start)]);
            chunk = chunks.get(page >>> CHUNK_BITS);
        }
        return chunk;
    }
}
