package io.tarn.master.leader;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;

/** Meters of the leader. Thread-safe. */
final class LeaderMetrics {
    final Timer append;
    final Timer apply;
    final DistributionSummary batchBytes;
    final DistributionSummary batchOperations;
    final Counter refusedBusy;

    LeaderMetrics(MeterRegistry registry, Supplier<Number> queueLength) {
        append = Timer.builder("tarn.master.journal.append")
                .description("Time from handing a batch to the journal until it is durable")
                .publishPercentileHistogram()
                .register(registry);
        apply = Timer.builder("tarn.master.state.apply")
                .description("Time to apply a durable batch to the state store")
                .register(registry);
        batchBytes = DistributionSummary.builder("tarn.master.journal.batch")
                .description("Size of a batch of records")
                .baseUnit("bytes")
                .register(registry);
        batchOperations = DistributionSummary.builder("tarn.master.journal.batch.operations")
                .description("Operations that share one append")
                .register(registry);
        refusedBusy = Counter.builder("tarn.master.leader.refused")
                .description("Operations refused because too many were waiting")
                .register(registry);
        Gauge.builder("tarn.master.leader.queue", queueLength)
                .description("Operations that wait for validation")
                .register(registry);
    }
}
