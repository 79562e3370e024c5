package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.RawWrites;
import io.tarn.client.CreateOptions;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Operations on the namespace by many threads of one client process, the server in another, beside how often a second this disk syncs. "create" is create
 * and complete, two calls, of an empty file.
 */
final class MetadataOperations implements Benchmark {
    private static final int THREADS = 16;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    @Override
    public String name() {
        return "metadata";
    }

    @Override
    public String purpose() {
        return "creates, opens, stats, lists, renames and deletes a second by 16 threads, beside the disk's fsync rate";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        rates.clear();
        Sample fsync = fsync(lab);
        report.note("fsync: beside each line, 4 KiB appended and forced to this disk by one thread");
        int files = lab.pace().rounds() > 3 ? 2000 : 200;
        try (TarnProcess tarn = lab.startTarn(lab.newPlace(64L * Lab.MEBIBYTE, 0));
                TarnClient client = lab.connect(tarn)) {
            warmUp(lab, client, files);
            rates.clear();
            for (int round = 0; round < lab.pace().rounds(); round++) {
                round(client, "/round-" + round, files);
            }
        }
        rates.forEach((operation, values) -> report.add(
                new Line(name(), operation + ", " + THREADS + " threads", "ops/s", Sample.of(values), "fsync", fsync)));
    }

    private void warmUp(Lab lab, TarnClient client, int files) throws Exception {
        long end = System.nanoTime() + lab.pace().programWarmUp().toNanos();
        for (int round = 0; System.nanoTime() < end; round++) {
            round(client, "/warm-up-" + round, files);
        }
    }

    private void round(TarnClient client, String directory, int files) throws Exception {
        CreateOptions options = CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE);
        Parallel.run(THREADS, thread -> client.makeDirectory(directory + "/" + thread, true, true, 0755));
        time(
                "create and complete",
                files,
                (thread, file) ->
                        client.create(path(directory, thread, file), options).close());
        time(
                "open",
                files,
                (thread, file) -> client.open(path(directory, thread, file), OpenOptions.DEFAULT)
                        .close());
        time("stat", files, (thread, file) -> client.status(path(directory, thread, file)));
        time("list of " + files + " entries", 1, (thread, file) -> list(client, directory + "/" + thread));
        time(
                "rename",
                files,
                (thread, file) -> client.rename(
                        path(directory, thread, file), path(directory, thread, file) + ".renamed", false));
        time("delete", files, (thread, file) -> client.delete(path(directory, thread, file) + ".renamed", false));
        client.delete(directory, true);
    }

    private interface FileAction {
        void run(int thread, int file) throws Exception;
    }

    private void time(String operation, int count, FileAction action) throws Exception {
        long start = System.nanoTime();
        Parallel.run(THREADS, thread -> {
            for (int file = 0; file < count; file++) {
                action.run(thread, file);
            }
        });
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        rates.computeIfAbsent(operation, key -> new ArrayList<>()).add(count * THREADS / seconds);
    }

    private static void list(TarnClient client, String directory) throws Exception {
        try (Listing listing = client.list(directory, ListOptions.CHILDREN)) {
            while (listing.hasNext()) {
                listing.next();
            }
        }
    }

    private static String path(String directory, int thread, int file) {
        return directory + "/" + thread + "/file-" + file;
    }

    private static Sample fsync(Lab lab) throws Exception {
        Path file = lab.disk("fsync").resolve("records");
        List<Double> rounds = new ArrayList<>();
        for (int round = 0; round < lab.pace().rounds(); round++) {
            Duration length = lab.pace().round();
            rounds.add(Rate.measure(thread -> RawWrites.fsync(file), 1, length).operationsPerSecond());
        }
        return Sample.of(rounds);
    }
}
