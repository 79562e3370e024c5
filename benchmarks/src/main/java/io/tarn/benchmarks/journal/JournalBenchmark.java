package io.tarn.benchmarks.journal;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.benchmarks.measure.Comparison;
import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Operation;
import io.tarn.benchmarks.measure.Pace;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.measure.Workload;
import io.tarn.benchmarks.raw.RawWrites;
import io.tarn.master.checkpoint.CheckpointConfig;
import io.tarn.master.checkpoint.MasterDirectory;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.leader.Leader;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.state.Table;
import io.tarn.master.state.rocks.StateConfig;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Durable changes a second through the leader, with 1 and 16 callers that wait for each answer and with 16 callers that have 64 changes under way each,
 * beside the rate of plain appends with fdatasync on the same disk. Arguments: a directory on that disk, and "quick" for a short run.
 */
public final class JournalBenchmark {
    private static final int CALLERS = 16;
    private static final int UNDER_WAY = 64;
    private static final long KEYS = 100_000;

    private JournalBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Pace pace = arguments.length > 1 && arguments[1].equals("quick") ? Pace.QUICK : Pace.FULL;
        Report report = new Report(System.out::println);
        report.head();
        try (MasterDirectory disk = MasterDirectory.open(
                        directory.resolve("master"),
                        JournalConfig.DEFAULT,
                        StateConfig.DEFAULT,
                        CheckpointConfig.DEFAULT,
                        new SimpleMeterRegistry());
                Leader<CounterRecords.SetCounter> leader = SingleWriterLeader.start(
                        disk.store(),
                        disk.journal(),
                        new CounterRecords(),
                        LeaderConfig.DEFAULT,
                        new SimpleMeterRegistry(),
                        (what, cause) -> {
                            throw new IllegalStateException(what, cause);
                        })) {
            Comparison comparison = new Comparison(pace, Rate::operationsPerSecond);
            Path raw = directory.resolve("raw");
            Sample forced =
                    comparison.run(1, List.of(thread -> RawWrites.fsync(raw))).getFirst();
            report.add(line("1 caller, 1 change under way", run(comparison, 1, leader, 1), forced));
            report.add(line("16 callers, 1 change under way each", run(comparison, CALLERS, leader, 1), forced));
            report.add(
                    line("16 callers, 64 changes under way each", run(comparison, CALLERS, leader, UNDER_WAY), forced));
        }
    }

    private static Line line(String name, Sample tarn, Sample forced) {
        return new Line("journal", name, "ops/s", tarn, "append and fdatasync", forced);
    }

    private static Sample run(
            Comparison comparison, int callers, Leader<CounterRecords.SetCounter> leader, int underWay)
            throws Exception {
        Workload workload = thread -> caller(leader, thread, underWay);
        return comparison.run(callers, List.of(workload)).getFirst();
    }

    /** Reads a value, writes it one greater; waits for the oldest change once {@code underWay} are waiting. */
    private static Operation caller(Leader<CounterRecords.SetCounter> leader, int thread, int underWay) {
        Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
        return new Operation() {
            private long next = thread;

            @Override
            public long run() throws Exception {
                long key = next % KEYS;
                next += CALLERS;
                waiting.addLast(leader.submit((state, records) -> {
                    byte[] before = state.get(Table.INODE, CounterRecords.bytes(key));
                    long value = before == null ? 1 : new BigInteger(before).longValueExact() + 1;
                    records.accept(new CounterRecords.SetCounter(key, value));
                    return value;
                }));
                if (waiting.size() >= underWay) {
                    waiting.removeFirst().get();
                }
                return 0;
            }

            @Override
            public void close() throws Exception {
                for (CompletableFuture<Long> each : waiting) {
                    each.get();
                }
            }
        };
    }
}
