package io.tarn.benchmarks.eviction;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Sequences of pages as data jobs read them, the same in every run. */
public enum AccessPattern {
    /** Half as many pages as the cache has, read all the time, beside a scan of data that is read once. */
    SCAN_BESIDE_HOT_SET {
        @Override
        long page(long step, long cachePages, SplittableRandom random) {
            return random.nextInt(2) == 0 ? random.nextLong(cachePages / 2) : COLD + step;
        }
    },

    /** Popularity after Zipf (exponent 0.9) over ten times the cache. */
    ZIPF {
        @Override
        long page(long step, long cachePages, SplittableRandom random) {
            return zipf(10 * cachePages, random);
        }
    },

    /** The same table, a third larger than the cache, over and over. */
    LOOP_LARGER_THAN_CACHE {
        @Override
        long page(long step, long cachePages, SplittableRandom random) {
            return step % (cachePages * 4 / 3);
        }
    },

    /** Four queries at a time, each scanning whole tables one after the other: a fact table of twice the cache, and smaller ones that more of them need. */
    TABLE_SCANS {
        @Override
        long[] sequence(int count, int cachePages, SplittableRandom random) {
            return new TableScans(cachePages, random).pages(count);
        }

        @Override
        long page(long step, long cachePages, SplittableRandom random) {
            throw new UnsupportedOperationException("a scan goes on from the page before");
        }
    },

    /** Half Zipf, a quarter a loop of half the cache, a quarter a scan. */
    MIX {
        @Override
        long page(long step, long cachePages, SplittableRandom random) {
            return switch (random.nextInt(4)) {
                case 0 -> COLD + step;
                case 1 -> LOOPED + step / 4 % (cachePages / 2);
                default -> zipf(10 * cachePages, random);
            };
        }
    };

    private static final long LOOPED = 1L << 40;
    private static final long COLD = 1L << 50;
    private static final double EXPONENT = 0.9;

    abstract long page(long step, long cachePages, SplittableRandom random);

    long[] sequence(int count, int cachePages, SplittableRandom random) {
        long[] pages = new long[count];
        for (int step = 0; step < count; step++) {
            pages[step] = page(step, cachePages, random);
        }
        return pages;
    }

    /** Numbered from 0 on in the order in which they come first. */
    public int[] pages(int count, int cachePages) {
        long[] sequence = sequence(count, cachePages, new SplittableRandom(ordinal() + 1L));
        Map<Long, Integer> numbers = new HashMap<>();
        int[] pages = new int[count];
        for (int step = 0; step < count; step++) {
            Integer known = numbers.putIfAbsent(sequence[step], numbers.size());
            pages[step] = known == null ? numbers.size() - 1 : known;
        }
        return pages;
    }

    /** By inversion of the continuous form. */
    private static long zipf(long pages, SplittableRandom random) {
        double power = 1 - EXPONENT;
        double top = Math.pow(pages, power) - 1;
        return (long) Math.pow(1 + random.nextDouble() * top, 1 / power);
    }
}
