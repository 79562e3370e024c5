package io.tarn.benchmarks.eviction;

/** A cache of so many pages that answers, page after page, whether it had it; a page that it had not it has from then on. */
interface Policy {
    boolean access(long page);
}
