package io.tarn.benchmarks.eviction;

import java.util.SplittableRandom;

/** Queries that scan tables page by page, a few at a time. Used once. */
final class TableScans {
    private static final int QUERIES_AT_ONCE = 4;

    /** Pages of each table by hundredths of the cache, and of 100 scans how many are of it. */
    private static final int[] SIZES = {200, 60, 30, 15, 8, 4, 2, 1};

    private static final int[] WEIGHTS = {4, 8, 12, 14, 14, 16, 16, 16};

    private final int cachePages;
    private final SplittableRandom random;

    TableScans(int cachePages, SplittableRandom random) {
        this.cachePages = cachePages;
        this.random = random;
    }

    long[] pages(int count) {
        long[] next = new long[QUERIES_AT_ONCE];
        long[] end = new long[QUERIES_AT_ONCE];
        long[] pages = new long[count];
        for (int step = 0; step < count; step++) {
            int query = step % QUERIES_AT_ONCE;
            if (next[query] == end[query]) {
                int table = drawTable();
                next[query] = (long) table << 32;
                end[query] = next[query] + Math.max(1, (long) SIZES[table] * cachePages / 100);
            }
            pages[step] = next[query];
            next[query]++;
        }
        return pages;
    }

    private int drawTable() {
        int drawn = random.nextInt(100);
        int table = 0;
        while (drawn >= WEIGHTS[table]) {
            drawn -= WEIGHTS[table];
            table++;
        }
        return table;
    }
}
