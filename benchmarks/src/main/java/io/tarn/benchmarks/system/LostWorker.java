package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Seconds;
import io.tarn.benchmarks.process.LocalCluster;
import io.tarn.benchmarks.process.Metrics;
import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One of three workers is lost with all that it has in the middle of writes that no store has: whether every acknowledged byte is read back, how long writers and readers notice it, and how fast
 * the rest is on two workers again. Not thread-safe.
 */
final class LostWorker implements Benchmark {
    private static final int PORT = 24_100;
    private static final int WRITERS = 4;
    private static final int FILE_BYTES = 2 * Lab.MEBIBYTE;
    private static final int FULL_FILES = 400;
    private static final int QUICK_FILES = 60;

    @Override
    public String name() {
        return "lost";
    }

    @Override
    public String purpose() {
        return "3 workers, one of them lost during MUST_CACHE writes of 2 MiB: every acknowledged byte read back, and how fast copies are made again";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        int files = lab.pace().isFull() ? FULL_FILES : QUICK_FILES;
        try (LocalCluster cluster = LocalCluster.start(lab.installation(), lab.disk("lost"), PORT, "--mem", "2GiB");
                TarnClient client =
                        TarnClient.connect(ClientOptions.of(cluster.masters().toArray(String[]::new)))) {
            client.makeDirectory("/lost", true, true, 0755);
            List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
            double longest = writeAndLose(cluster, client, acknowledged, files);
            add(report, "longest write of 2 MiB while a worker is lost", "s", longest);
            ByteBuffer noise = Lab.noise();
            ByteBuffer buffer = ByteBuffer.allocateDirect(Lab.MEBIBYTE);
            long start = System.nanoTime();
            for (String file : List.copyOf(acknowledged)) {
                requireWhole(client, file, noise, buffer);
            }
            add(
                    report,
                    "read back with two workers, every byte compared",
                    "MB/s",
                    megabytes(acknowledged.size()) / Seconds.since(start));
            heal(report, cluster);
            cluster.run("worker-0");
        }
    }

    /** @return the longest time of a write that was acknowledged, in seconds */
    private static double writeAndLose(LocalCluster cluster, TarnClient client, List<String> acknowledged, int files)
            throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        List<Double> seconds = Collections.synchronizedList(new ArrayList<>());
        Parallel.run(WRITERS, writer -> {
            for (int i = 0; i < files / WRITERS; i++) {
                String path = "/lost/" + writer + "-" + i;
                long start = System.nanoTime();
                Lab.write(client, path, FILE_BYTES, CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE));
                seconds.add(Seconds.since(start));
                acknowledged.add(path);
                if (acknowledged.size() > files / 2 && killed.compareAndSet(false, true)) {
                    cluster.kill("worker-0");
                }
            }
        });
        return Collections.max(seconds);
    }

    private static void requireWhole(TarnClient client, String path, ByteBuffer noise, ByteBuffer buffer)
            throws IOException {
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            for (int offset = 0; offset < FILE_BYTES; offset += Lab.MEBIBYTE) {
                TarnReads.fill(reader, path, offset, buffer);
                if (!buffer.flip().equals(noise.clear())) {
                    throw new IOException("wrong bytes in " + path);
                }
            }
        }
    }

    /** Nothing is copied before the worker was away for master.healing-delay. */
    private void heal(Report report, LocalCluster cluster) throws IOException {
        long lost = System.nanoTime();
        double before = healed(cluster);
        while (healed(cluster) == before) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        long start = System.nanoTime();
        while (metric(cluster, "tarn_master_healing_under_way") > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        double files = healed(cluster) - before;
        add(report, "copies made again", "MB/s", megabytes(files) / Seconds.since(start));
        report.note(String.format(
                Locale.ROOT,
                "%,.0f files were copied in %.1f s, which began %.1f s after the files were read back",
                files,
                Seconds.since(start),
                Seconds.between(lost, start)));
    }

    private static double healed(LocalCluster cluster) throws IOException {
        return metric(cluster, "tarn_master_healing_done_total");
    }

    private static double metric(LocalCluster cluster, String name) throws IOException {
        return Metrics.sum(cluster.mastersHttp(), name, "");
    }

    private static double megabytes(double files) {
        return files * FILE_BYTES / 1e6;
    }

    private void add(Report report, String title, String unit, double value) {
        report.add(Line.of(name(), title, unit, value));
    }
}
