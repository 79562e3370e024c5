package io.tarn.worker.page.eviction;

/**
 * Remembers which pages were evicted lately, by 32-bit fingerprints in buckets of four: 8 bytes for each remembered page, no list. An answer may be wrong
 * with a probability of about one in a billion a look-up, which costs nothing but a better place in the queues. Not thread-safe.
 */
final class GhostTable {
    private static final int WAYS = 4;

    private long[] slots = new long[WAYS * 16];
    private int insertions;

    /** Makes room to remember about this many; what is remembered is forgotten where the size changes. */
    void ensureCapacity(long pages) {
        long wanted = Math.min(1 << 28, Long.highestOneBit(Math.max(64, pages)) * 2);
        if (wanted > slots.length) {
            slots = new long[(int) wanted];
        }
    }

    void add(long identity) {
        int bucket = bucketOf(identity);
        int oldest = bucket;
        insertions++;
        for (int i = bucket; i < bucket + WAYS; i++) {
            if (slots[i] == 0) {
                oldest = i;
                break;
            }
            if (ageOf(slots[i]) > ageOf(slots[oldest])) {
                oldest = i;
            }
        }
        slots[oldest] = (long) fingerprintOf(identity) << 32 | insertions & 0xFFFFFFFFL;
    }

    /** Whether this page was evicted within the last {@code window} evictions; it is forgotten by the question. */
    boolean remove(long identity, long window) {
        int bucket = bucketOf(identity);
        int fingerprint = fingerprintOf(identity);
        for (int i = bucket; i < bucket + WAYS; i++) {
            if (slots[i] != 0 && (int) (slots[i] >>> 32) == fingerprint) {
                boolean recent = ageOf(slots[i]) <= window;
                slots[i] = 0;
                return recent;
            }
        }
        return false;
    }

    private long ageOf(long slot) {
        return insertions - (int) slot & 0xFFFFFFFFL;
    }

    private int bucketOf(long identity) {
        return (int) (identity * 0x9E3779B97F4A7C15L >>> 40) * WAYS & slots.length - 1;
    }

    private static int fingerprintOf(long identity) {
        return (int) (identity * 0xD6E8FEB86659FD93L >>> 32) | 1;
    }
}
