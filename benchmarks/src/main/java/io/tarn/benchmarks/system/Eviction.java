package io.tarn.benchmarks.system;

import io.tarn.benchmarks.eviction.AccessPattern;
import io.tarn.benchmarks.eviction.Belady;
import io.tarn.benchmarks.eviction.LeastRecentlyUsed;
import io.tarn.benchmarks.eviction.Policy;
import io.tarn.benchmarks.eviction.TarnQueues;
import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Pace;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What share of accesses hit, and what choosing costs: the worker's queues beside LRU and beside the optimum, which knows the future. */
final class Eviction implements Benchmark {
    private static final int CACHE_PAGES = 10_000;
    private static final int ACCESSES = 1_000_000;
    private static final int MOUNTS_WITH_QUOTA = 10;

    /** Of each before anything counts: the compiler is done with them by then. */
    private static final int WARM_UP_ROUNDS = 5;

    @Override
    public String name() {
        return "eviction";
    }

    @Override
    public String purpose() {
        return "of " + ACCESSES + " accesses to a cache of " + CACHE_PAGES
                + " pages those that hit, and the time that the policy takes of each; the same in every run but for the time";
    }

    @Override
    public void run(Lab lab, Report report) {
        for (AccessPattern pattern : AccessPattern.values()) {
            int[] pages = pattern.pages(ACCESSES, CACHE_PAGES);
            int distinct = Arrays.stream(pages).max().orElse(0) + 1;
            String name = pattern.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            Sample tarn = percent(new TarnQueues(CACHE_PAGES, distinct, 0), pages);
            add(report, name, "hits %", tarn, "LRU", percent(new LeastRecentlyUsed(CACHE_PAGES, distinct), pages));
            add(report, name, "hits %", tarn, "optimum", percent(new Belady(CACHE_PAGES, distinct, pages), pages));
            addCosts(report, lab.pace(), name, pages, distinct);
        }
    }

    private void addCosts(Report report, Pace pace, String name, int[] pages, int distinct) {
        List<Supplier<Policy>> policies = List.of(
                () -> new TarnQueues(CACHE_PAGES, distinct, 0),
                () -> new LeastRecentlyUsed(CACHE_PAGES, distinct),
                () -> new TarnQueues(CACHE_PAGES, distinct, MOUNTS_WITH_QUOTA));
        List<List<Double>> nanos = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = -WARM_UP_ROUNDS; round < pace.rounds(); round++) {
            for (int i = 0; i < policies.size(); i++) {
                double each = nanosEach(policies.get(i).get(), pages);
                if (round >= 0) {
                    nanos.get(i).add(each);
                }
            }
        }
        Sample lru = Sample.of(nanos.get(1));
        add(report, name, "ns", Sample.of(nanos.get(0)), "LRU", lru);
        add(
                report,
                name + ", " + MOUNTS_WITH_QUOTA + " mounts with quotas",
                "ns",
                Sample.of(nanos.get(2)),
                "LRU, no quotas",
                lru);
    }

    private static double nanosEach(Policy policy, int[] pages) {
        long start = System.nanoTime();
        if (policy.hitRatio(pages) > 1) {
            throw new IllegalStateException("more hits than accesses");
        }
        return (double) (System.nanoTime() - start) / pages.length;
    }

    private static Sample percent(Policy policy, int[] pages) {
        return Sample.of(List.of(100 * policy.hitRatio(pages)));
    }

    private void add(Report report, String what, String unit, Sample tarn, String rawName, Sample raw) {
        report.add(new Line(name(), what, unit, tarn, rawName, raw));
    }
}
