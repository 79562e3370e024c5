package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.LocalCluster;
import io.tarn.benchmarks.process.Metrics;
import io.tarn.client.ClientOptions;
import io.tarn.client.FileReader;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A mount in which nothing changes: what masters are asked while its files are opened again and again, and whether they are read all the same, each byte right, while no master runs. The
 * first wrong byte or failure ends it. Not thread-safe.
 */
final class WithoutMasters implements Benchmark {
    private static final int PORT = 23_900;
    private static final int MASTERS = 3;
    private static final int FILES = 64;
    private static final int FILE_BYTES = 4 * Lab.MEBIBYTE;
    private static final int READ_BYTES = 64 << 10;
    private static final int THREADS = 4;
    private static final int OPENS = 10_000;
    private static final Duration FULL_ABSENCE = Duration.ofMinutes(30);
    private static final Duration QUICK_ABSENCE = Duration.ofSeconds(10);
    private static final List<String> CALLS_OF_READERS = List.of("Open", "GetStatus", "ListMounts", "GetClusterInfo");

    private final AtomicLong seeds = new AtomicLong();

    @Override
    public String name() {
        return "masterless";
    }

    @Override
    public String purpose() {
        return "3 workers, a mount in which nothing changes: calls to masters by " + OPENS
                + " opens; reads with and without masters, every byte compared";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        boolean full = lab.pace().isFull();
        Path store = lab.disk("store");
        for (int file = 0; file < FILES; file++) {
            Files.write(store.resolve(Integer.toString(file)), content(file));
        }
        try (LocalCluster cluster = LocalCluster.start(lab.installation(), lab.disk("masterless"), PORT);
                TarnClient client =
                        TarnClient.connect(ClientOptions.of(cluster.masters().toArray(String[]::new))
                                .withLocalAccess(false, false))) {
            client.mount(
                    "/lake",
                    "file://" + store,
                    MountSettings.DEFAULT.withReadOnly(true).withSyncInterval(null));
            for (int file = 0; file < FILES; file++) {
                readAll(client, file);
            }
            opens(report, cluster, client);
            absence(lab, report, cluster, client, full ? FULL_ABSENCE : QUICK_ABSENCE);
        }
    }

    private void opens(Report report, LocalCluster cluster, TarnClient client) throws IOException {
        double before = calls(cluster);
        for (int open = 0; open < OPENS; open++) {
            client.open(path(open % FILES), OpenOptions.DEFAULT).close();
        }
        double calls = calls(cluster) - before;
        report.add(Line.of(name(), "calls to masters by 10,000 opens", "calls", calls));
    }

    private static double calls(LocalCluster cluster) throws IOException {
        double calls = 0;
        for (String method : CALLS_OF_READERS) {
            calls += Metrics.sum(cluster.mastersHttp(), "tarn_master_rpc_seconds_count", "method=\"" + method + '"');
        }
        return calls;
    }

    private void absence(Lab lab, Report report, LocalCluster cluster, TarnClient client, Duration length)
            throws Exception {
        List<Double> with = new ArrayList<>();
        for (int round = 0; round < lab.pace().rounds(); round++) {
            with.add(readsPerSecond(client, lab.pace().round()));
        }
        for (int master = 0; master < MASTERS; master++) {
            cluster.kill("master-" + master);
        }
        List<Double> without = new ArrayList<>();
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            without.add(readsPerSecond(client, length.dividedBy(10)));
        }
        String title =
                "open, read 64 KiB, close, " + THREADS + " threads, masters gone for " + length.toSeconds() + " s";
        report.add(new Line(name(), title, "reads/s", Sample.of(without), "with masters", Sample.of(with)));
    }

    private double readsPerSecond(TarnClient client, Duration length) throws Exception {
        return Rate.measure(
                        thread -> {
                            SplittableRandom random = new SplittableRandom(seeds.incrementAndGet());
                            ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
                            return () -> {
                                int file = random.nextInt(FILES);
                                readSome(client, file, random.nextInt(FILE_BYTES / READ_BYTES) * READ_BYTES, buffer);
                                return READ_BYTES;
                            };
                        },
                        THREADS,
                        length)
                .operationsPerSecond();
    }

    private static void readAll(TarnClient client, int file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        for (int offset = 0; offset < FILE_BYTES; offset += READ_BYTES) {
            readSome(client, file, offset, buffer);
        }
    }

    private static void readSome(TarnClient client, int file, int offset, ByteBuffer buffer) throws IOException {
        try (FileReader reader = client.open(path(file), OpenOptions.DEFAULT)) {
            TarnReads.fill(reader, path(file), offset, buffer);
        }
        buffer.flip();
        for (int at = offset; buffer.hasRemaining(); at += Long.BYTES) {
            if (buffer.getLong() != word(file, at)) {
                throw new IOException("wrong bytes in " + path(file) + " at " + at);
            }
        }
    }

    private static String path(int file) {
        return "/lake/" + file;
    }

    private static byte[] content(int file) {
        ByteBuffer buffer = ByteBuffer.allocate(FILE_BYTES);
        for (int at = 0; at < FILE_BYTES; at += Long.BYTES) {
            buffer.putLong(word(file, at));
        }
        return buffer.array();
    }

    /** No two of any file are the same. */
    private static long word(int file, int offset) {
        return ((long) file << Integer.SIZE | offset) * 0x9E37_79B9_7F4A_7C15L;
    }
}
