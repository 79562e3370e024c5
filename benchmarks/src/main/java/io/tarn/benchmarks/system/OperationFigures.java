package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.CpuTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one kind of operation achieved, round by round, and the processor time that it took. Not thread-safe. */
final class OperationFigures {
    private static final double MICROS_PER_SECOND = 1e6;

    private final List<Double> perSecond = new ArrayList<>();
    private CpuTime cpu = new CpuTime(0, 0);
    private long operations;

    void add(long count, double seconds, CpuTime used) {
        perSecond.add(count / seconds);
        operations += count;
        cpu = cpu.plus(used);
    }

    Sample sample() {
        return Sample.of(perSecond);
    }

    /** The most that the processors of this machine could do, if nothing else were to wait for. */
    double cpuBound() {
        return Runtime.getRuntime().availableProcessors() * operations / cpu.totalSeconds();
    }

    /** "CPU time of an operation: client 20.0 us, server 30.0 us; 2 processors could do 40,000/s". */
    String describe() {
        return String.format(
                Locale.ROOT,
                "CPU of one: client %.1f us, server %.1f us; %d processors bound it at %,.0f/s",
                cpu.clientSeconds() / operations * MICROS_PER_SECOND,
                cpu.serverSeconds() / operations * MICROS_PER_SECOND,
                Runtime.getRuntime().availableProcessors(),
                cpuBound());
    }
}
