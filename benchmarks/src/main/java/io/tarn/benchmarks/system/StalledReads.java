package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Operation;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.LocalCluster;
import io.tarn.benchmarks.process.Metrics;
import io.tarn.benchmarks.raw.Offsets;
import io.tarn.client.ClusterInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How long reads take while one worker of three is stopped, its connections open: that of which most is read. Each file is on two workers. For one thread. */
final class StalledReads {
    private static final int THREADS = 4;
    private static final int READS_PER_THREAD = 120;
    private static final int READ_BYTES = 64 << 10;
    private static final double P99 = 0.99;
    private static final double NANOS_PER_MILLI = 1e6;

    private final LocalCluster cluster;
    private final String benchmark;
    private final long fileBytes;

    StalledReads(LocalCluster cluster, String benchmark, long fileBytes) {
        this.cluster = cluster;
        this.benchmark = benchmark;
        this.fileBytes = fileBytes;
    }

    void run(Report report, TarnClient hedged, TarnClient unhedged, List<String> files) throws Exception {
        double[] sound = read(hedged, files, false);
        double[] with = read(hedged, files, true);
        double[] without = read(unhedged, files, true);
        String title = "random 64 KiB, " + THREADS + " threads, p99, ";
        add(report, title + "all 3 workers answer", sound, "", null);
        add(report, title + "1 stopped, hedged", with, "not hedged", without);
        report.note(describe("all answer", sound) + "; " + describe("hedged", with) + "; "
                + describe("not hedged", without) + "; " + hedged.figures());
    }

    private void add(Report report, String title, double[] millis, String besideName, double @Nullable [] beside) {
        Sample raw = beside == null ? null : Sample.of(List.of(quantile(beside, P99)));
        report.add(new Line(benchmark, title, "ms", Sample.of(List.of(quantile(millis, P99))), besideName, raw));
    }

    private static String describe(String what, double[] millis) {
        return String.format(
                Locale.ROOT,
                "%s: median %.1f, p99 %.1f, longest %.1f ms",
                what,
                quantile(millis, 0.5),
                quantile(millis, P99),
                quantile(millis, 1));
    }

    /** @param sorted ascending */
    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.ceil((sorted.length - 1) * share)];
    }

    /** Milliseconds of each read, ascending. */
    private double[] read(TarnClient client, List<String> files, boolean stop) throws Exception {
        List<List<Operation>> readers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            readers.add(readers(client, files, thread));
        }
        List<Double> before = servedBytes();
        Parallel.run(THREADS, thread -> readSome(readers.get(thread), new double[files.size() * 2]));
        String busiest = busiest(before);
        double[][] millis = new double[THREADS][READS_PER_THREAD];
        if (stop) {
            cluster.pause(busiest);
        }
        try {
            Parallel.run(THREADS, thread -> readSome(readers.get(thread), millis[thread]));
        } finally {
            cluster.resume(busiest);
        }
        for (List<Operation> each : readers) {
            for (Operation reader : each) {
                reader.close();
            }
        }
        awaitAll(client);
        return Arrays.stream(millis).flatMapToDouble(Arrays::stream).sorted().toArray();
    }

    private List<Operation> readers(TarnClient client, List<String> files, int thread) throws IOException {
        List<Operation> readers = new ArrayList<>();
        for (String file : files) {
            Offsets offsets = Offsets.random(fileBytes, READ_BYTES, thread);
            readers.add(TarnReads.java(client, file, offsets, READ_BYTES));
        }
        return readers;
    }

    private static void readSome(List<Operation> readers, double[] millis) throws Exception {
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            readers.get(i % readers.size()).run();
            millis[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
        }
    }

    private List<Double> servedBytes() throws IOException {
        List<Double> served = new ArrayList<>();
        for (String worker : cluster.workersHttp()) {
            served.add(Metrics.sum(List.of(worker), "tarn_worker_read_bytes_total", ""));
        }
        return served;
    }

    private String busiest(List<Double> before) throws IOException {
        List<Double> now = servedBytes();
        int busiest = 0;
        for (int i = 1; i < now.size(); i++) {
            if (now.get(i) - before.get(i) > now.get(busiest) - before.get(busiest)) {
                busiest = i;
            }
        }
        return "worker-" + busiest;
    }

    private void awaitAll(TarnClient client) throws TarnException {
        while (client.clusterInfo().workers().stream()
                        .filter(ClusterInfo.Worker::alive)
                        .count()
                < cluster.workersHttp().size()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
