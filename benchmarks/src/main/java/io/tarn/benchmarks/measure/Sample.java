package io.tarn.benchmarks.measure;

import java.util.Arrays;
import java.util.List;

/**
 * Speeds of several rounds of the same. Immutable.
 *
 * @param least the slowest round
 * @param median the middle one, of an even number the slower of the two in the middle
 * @param most the fastest
 */
public record Sample(double least, double median, double most) {

    /** @param rounds at least one */
    public static Sample of(List<Double> rounds) {
        double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return new Sample(sorted[0], sorted[(sorted.length - 1) / 2], sorted[sorted.length - 1]);
    }
}
