package io.tarn.benchmarks.eviction;

/** A cache of so many pages that answers, page after page, whether it had it; a page that it had not it has from then on. For one thread. */
public interface Policy {
    /** @param page from 0, without gaps */
    boolean access(int page);

    /** Plays a whole sequence. @return the share of accesses that hit */
    default double hitRatio(int[] pages) {
        long hits = 0;
        for (int page : pages) {
            hits += access(page) ? 1 : 0;
        }
        return (double) hits / pages.length;
    }
}
