package io.tarn.benchmarks.measure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the report.
 *
 * @param benchmark the name of the program that measured it
 * @param name what was measured
 * @param unit of the samples, as "MB/s"
 * @param tarn Tarn's
 * @param rawName what the raw figure is of; empty where there is none
 * @param raw the raw figure; null where there is none
 */
public record Line(
        String benchmark,
        String name,
        String unit,
        Sample tarn,
        String rawName,
        @Nullable Sample raw) {

    /** Of one value, beside nothing. */
    public static Line of(String benchmark, String name, String unit, double value) {
        return new Line(benchmark, name, unit, Sample.of(List.of(value)), "", null);
    }

    /** Tarn's median over the raw one; NaN where there is no raw one, infinite where that is 0. */
    public double ratio() {
        return raw == null ? Double.NaN : tarn.median() / raw.median();
    }
}
