package io.tarn.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Measures several workloads round by round in turn, so that none has the machine at a better time than another. Not thread-safe. */
public final class Comparison {
    private final Pace pace;
    private final ToDoubleFunction<Rate> value;

    /** @param value what of a rate is compared */
    public Comparison(Pace pace, ToDoubleFunction<Rate> value) {
        this.pace = pace;
        this.value = value;
    }

    /** @return a sample for each workload, in their order */
    public List<Sample> run(int threads, List<Workload> workloads) throws Exception {
        return rates(threads, workloads).stream()
                .map(rates -> Sample.of(rates.stream().map(value::applyAsDouble).toList()))
                .toList();
    }

    /** @return the rounds of each workload, in their order */
    public List<List<Rate>> rates(int threads, List<Workload> workloads) throws Exception {
        List<List<Rate>> rounds = new ArrayList<>();
        for (Workload workload : workloads) {
            rounds.add(new ArrayList<>());
            Rate.measure(workload, threads, pace.warmUp());
        }
        for (int round = 0; round < pace.rounds(); round++) {
            for (int index = 0; index < workloads.size(); index++) {
                rounds.get(index).add(Rate.measure(workloads.get(index), threads, pace.round()));
            }
        }
        return rounds;
    }
}
