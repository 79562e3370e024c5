package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Comparison;
import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Operation;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.measure.Workload;
import io.tarn.benchmarks.process.LocalCluster;
import io.tarn.benchmarks.raw.Offsets;
import io.tarn.benchmarks.raw.SendfileLoop;
import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads over TCP in a cluster of three workers on this machine: of files on all of them at once, while one of them is stopped, and of objects that all of them have to fetch. Not
 * thread-safe.
 */
final class ThreeWorkers implements Benchmark {
    private static final int PORT = 23_800;
    private static final int FILES = 12;
    private static final long FILE_BYTES = 16L * Lab.MEBIBYTE;
    private static final int READ_BYTES = Lab.MEBIBYTE;
    private static final int THREADS = 8;

    @Override
    public String name() {
        return "workers";
    }

    @Override
    public String purpose() {
        return "3 workers: cached reads from all of them beside one and beside a loop of sendfile; reads while one is stopped, with and without hedging; S3 bytes over unique bytes";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        try (LocalCluster cluster = LocalCluster.start(lab.installation(), lab.disk("workers"), PORT);
                TarnClient client = TarnClient.connect(options(cluster));
                TarnClient unhedged = TarnClient.connect(options(cluster).withHedgeAfter(Duration.ZERO))) {
            List<String> files = write(client);
            parallel(lab, report, client, files);
            new SharedFetches(lab, name()).run(report, client);
            new StalledReads(cluster, name(), FILE_BYTES).run(report, client, unhedged, files.subList(0, FILES / 2));
        }
    }

    private static ClientOptions options(LocalCluster cluster) {
        return ClientOptions.of(cluster.masters().toArray(String[]::new)).withLocalAccess(false, false);
    }

    private static List<String> write(TarnClient client) throws IOException {
        List<String> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add("/file-" + i);
            Lab.write(client, files.getLast(), FILE_BYTES, CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE));
        }
        return files;
    }

    /** The loop and the one worker read one file of 16 MiB, which a large processor's cache holds; the three read all of them. */
    private void parallel(Lab lab, Report report, TarnClient client, List<String> files) throws Exception {
        Path plain = lab.memory().resolve("plain");
        CachedReads.writePlain(plain, FILE_BYTES);
        try (SendfileLoop loop = SendfileLoop.start(plain)) {
            CachedReads.warmUp(lab, thread -> anyOf(client, files, thread));
            List<Workload> workloads = List.of(
                    thread -> loop.reader(Offsets.random(FILE_BYTES, READ_BYTES, thread), READ_BYTES),
                    thread -> anyOf(client, files.subList(0, 1), thread),
                    thread -> anyOf(client, files, thread));
            List<Sample> rates = new Comparison(lab.pace(), CachedReads::megabytes).run(THREADS, workloads);
            String title = "random 1 MiB, " + THREADS + " threads, TCP, from ";
            report.add(new Line(name(), title + "1 worker", "MB/s", rates.get(1), "sendfile", rates.get(0)));
            report.add(new Line(name(), title + "3 workers", "MB/s", rates.get(2), "sendfile", rates.get(0)));
            report.add(new Line(name(), title + "3 workers", "MB/s", rates.get(2), "1 worker", rates.get(1)));
        }
        Files.delete(plain);
    }

    /** One file after the other, so that all workers are asked. */
    private static Operation anyOf(TarnClient client, List<String> files, int thread) throws IOException {
        List<Operation> readers = new ArrayList<>();
        for (String file : files) {
            readers.add(TarnReads.java(client, file, Offsets.random(FILE_BYTES, READ_BYTES, thread), READ_BYTES));
        }
        return new Operation() {
            private int next = thread;

            @Override
            public long run() throws Exception {
                return readers.get(next++ % readers.size()).run();
            }

            @Override
            public void close() throws Exception {
                for (Operation reader : readers) {
                    reader.close();
                }
            }
        };
    }
}
