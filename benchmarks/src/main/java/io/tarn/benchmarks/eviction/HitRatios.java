package io.tarn.benchmarks.eviction;

import java.util.Locale;

/** Prints the hit ratio of the worker's queues beside LRU and the optimum, on four patterns. Arguments: pages of the cache, accesses. */
public final class HitRatios {
    private HitRatios() {}

    public static void main(String[] arguments) {
        int cachePages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int accesses = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        System.out.printf(
                Locale.ROOT, "%d pages of cache, %d accesses; share of accesses that hit%n", cachePages, accesses);
        System.out.printf(Locale.ROOT, "%-24s %8s %8s %8s%n", "pattern", "S3-FIFO", "LRU", "optimum");
        for (AccessPattern pattern : AccessPattern.values()) {
            long[] pages = pattern.pages(accesses, cachePages);
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %8.4f %8.4f %8.4f%n",
                    pattern.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    hitRatio(new TarnQueues(cachePages), pages),
                    hitRatio(new LeastRecentlyUsed(cachePages), pages),
                    hitRatio(new Belady(cachePages, pages), pages));
        }
    }

    private static double hitRatio(Policy policy, long[] pages) {
        long hits = 0;
        for (long page : pages) {
            hits += policy.access(page) ? 1 : 0;
        }
        return (double) hits / pages.length;
    }
}
