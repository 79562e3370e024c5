package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.CpuTime;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Operations on the namespace by many threads of one client process, the server in another, beside how often a second this disk syncs. "create" is create
 * and complete, two calls, of an empty file. Not thread-safe.
 */
final class MetadataOperations implements Benchmark {
    private static final int THREADS = 16;
    /** Six operations are compiled here where others warm one up. */
    private static final int WARM_UPS = 3;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final String CREATE = "create and complete";
    private static final int FSYNCS_TO_REACH = 20;

    private final Map<String, OperationFigures> figures = new LinkedHashMap<>();

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
        Sample fsync = fsync(lab);
        report.note("fsync: beside each line, 4 KiB appended and forced to this disk by one thread");
        boolean full = lab.pace().isFull();
        int files = full ? 2000 : 200;
        try (TarnProcess tarn = lab.startTarn(lab.newPlace(64L * Lab.MEBIBYTE, 0));
                TarnClient client = lab.connect(tarn)) {
            warmUp(lab, tarn, client, files);
            figures.clear();
            for (int round = 0; round < lab.pace().rounds(); round++) {
                round(tarn, client, "/round-" + round, files);
            }
            lists(tarn, client, full ? List.of(10_000, 100_000) : List.of(1000));
        }
        figures.forEach((operation, figure) -> {
            report.add(new Line(
                    name(), operation + ", " + THREADS + " threads", "ops/s", figure.sample(), "fsync", fsync));
            report.note(figure.describe());
        });
        OperationFigures creates = Objects.requireNonNull(figures.get(CREATE));
        report.note(String.format(
                Locale.ROOT,
                "creates: %,.0f/s; %d fsyncs each time would be %,.0f/s, the processors' bound is %,.0f/s",
                creates.sample().median(),
                FSYNCS_TO_REACH,
                FSYNCS_TO_REACH * fsync.median(),
                creates.cpuBound()));
    }

    private void warmUp(Lab lab, TarnProcess tarn, TarnClient client, int files) throws Exception {
        long end = System.nanoTime() + WARM_UPS * lab.pace().programWarmUp().toNanos();
        for (int round = 0; System.nanoTime() < end; round++) {
            round(tarn, client, "/warm-up-" + round, files);
        }
    }

    private void round(TarnProcess tarn, TarnClient client, String directory, int files) throws Exception {
        Parallel.run(THREADS, thread -> client.makeDirectory(directory + "/" + thread, true, true, 0755));
        time(tarn, CREATE, files, (thread, file) -> create(client, path(directory, thread, file)));
        time(
                tarn,
                "open",
                files,
                (thread, file) -> client.open(path(directory, thread, file), OpenOptions.DEFAULT)
                        .close());
        time(tarn, "stat", files, (thread, file) -> client.status(path(directory, thread, file)));
        time(tarn, "list of " + files + " entries", 1, (thread, file) -> list(client, directory + "/" + thread));
        time(
                tarn,
                "rename",
                files,
                (thread, file) -> client.rename(
                        path(directory, thread, file), path(directory, thread, file) + ".renamed", false));
        time(tarn, "delete", files, (thread, file) -> client.delete(path(directory, thread, file) + ".renamed", false));
        client.delete(directory, true);
    }

    /** Long listings, of one directory by all threads. */
    private void lists(TarnProcess tarn, TarnClient client, List<Integer> sizes) throws Exception {
        for (int size : sizes) {
            String directory = "/list-" + size;
            client.makeDirectory(directory, true, true, 0755);
            Parallel.run(THREADS, thread -> {
                for (int file = thread; file < size; file += THREADS) {
                    create(client, directory + "/file-" + file);
                }
            });
            int repetitions = Math.max(1, 200_000 / size);
            for (int round = 0; round < 3; round++) {
                time(tarn, "list of " + size + " entries", repetitions, (thread, file) -> list(client, directory));
            }
        }
    }

    private interface FileAction {
        void run(int thread, int file) throws Exception;
    }

    private void time(TarnProcess tarn, String operation, int count, FileAction action) throws Exception {
        CpuTime before = CpuTime.of(tarn);
        long start = System.nanoTime();
        Parallel.run(THREADS, thread -> {
            for (int file = 0; file < count; file++) {
                action.run(thread, file);
            }
        });
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        CpuTime used = CpuTime.of(tarn).since(before);
        figures.computeIfAbsent(operation, key -> new OperationFigures()).add((long) count * THREADS, seconds, used);
    }

    private static void create(TarnClient client, String path) throws Exception {
        client.create(path, CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE))
                .close();
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
