package io.tarn.benchmarks.measure;

import java.time.Duration;
import java.util.stream.Stream;

/** Processor time of this process and of all that it has started and that still run, in user and kernel mode; the kernel counts in steps of 10 ms. */
final class ProcessorTime {
    private static final double NANOS_PER_SECOND = 1e9;

    private ProcessorTime() {}

    static double seconds() {
        ProcessHandle own = ProcessHandle.current();
        return Stream.concat(Stream.of(own), own.descendants())
                        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                        .mapToLong(Duration::toNanos)
                        .sum()
                / NANOS_PER_SECOND;
    }
}
