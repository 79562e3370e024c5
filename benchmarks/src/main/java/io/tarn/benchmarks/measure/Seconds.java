package io.tarn.benchmarks.measure;

/** Times in seconds. Stateless. */
public final class Seconds {
    private static final double NANOS_PER_SECOND = 1e9;

    private Seconds() {}

    /** @param startNanos what {@link System#nanoTime} said */
    public static double since(long startNanos) {
        return between(startNanos, System.nanoTime());
    }

    public static double between(long startNanos, long endNanos) {
        return (endNanos - startNanos) / NANOS_PER_SECOND;
    }
}
