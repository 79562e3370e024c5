package io.tarn.benchmarks.eviction;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Sequences of pages as data jobs read them, the same in every run. */
enum AccessPattern {
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

    long[] pages(int count, long cachePages) {
        SplittableRandom random = new SplittableRandom(ordinal() + 1L);
        return LongStream.range(0, count)
                .map(step -> page(step, cachePages, random))
                .toArray();
    }

    /** By inversion of the continuous form. */
    private static long zipf(long pages, SplittableRandom random) {
        double power = 1 - EXPONENT;
        double top = Math.pow(pages, power) - 1;
        return (long) Math.pow(1 + random.nextDouble() * top, 1 / power);
    }
}
