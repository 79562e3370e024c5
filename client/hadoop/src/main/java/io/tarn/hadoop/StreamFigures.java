package io.tarn.hadoop;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.MeanStatistic;

/** Counters of one stream or file system under Hadoop's names; a view of them shows the values of the moment. Thread-safe. */
final class StreamFigures implements IOStatistics {
    private final Map<String, LongAdder> counters;

    /** @param names Hadoop's names of the counters */
    StreamFigures(String... names) {
        counters = Map.copyOf(
                Arrays.stream(names).collect(Collectors.toMap(Function.identity(), name -> new LongAdder())));
    }

    /** A counter for those who count often. */
    LongAdder counter(String name) {
        LongAdder counter = counters.get(name);
        if (counter == null) {
            throw new IllegalArgumentException("no counter " + name);
        }
        return counter;
    }

    @Override
    public Map<String, Long> counters() {
        return counters.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum()));
    }

    @Override
    public Map<String, Long> gauges() {
        return Map.of();
    }

    @Override
    public Map<String, Long> minimums() {
        return Map.of();
    }

    @Override
    public Map<String, Long> maximums() {
        return Map.of();
    }

    @Override
    public Map<String, MeanStatistic> meanStatistics() {
        return Map.of();
    }

    @Override
    public String toString() {
        return counters().toString();
    }
}
