package io.tarn.benchmarks.process;

import java.time.Duration;

/** Processor time of two processes, of all their threads. Exact to about 10 ms. Immutable. */
public record CpuTime(double clientSeconds, double serverSeconds) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** What this process and {@code server} have used since they began. */
    public static CpuTime of(TarnProcess server) {
        return new CpuTime(seconds(ProcessHandle.current()), seconds(server.handle()));
    }

    public CpuTime since(CpuTime earlier) {
        return new CpuTime(clientSeconds - earlier.clientSeconds, serverSeconds - earlier.serverSeconds);
    }

    public CpuTime plus(CpuTime other) {
        return new CpuTime(clientSeconds + other.clientSeconds, serverSeconds + other.serverSeconds);
    }

    public double totalSeconds() {
        return clientSeconds + serverSeconds;
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / NANOS_PER_SECOND;
    }
}
