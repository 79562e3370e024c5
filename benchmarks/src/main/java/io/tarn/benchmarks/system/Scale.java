package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Seconds;
import io.tarn.benchmarks.process.DirectorySize;
import io.tarn.benchmarks.process.Metrics;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.client.CreateOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** What many files cost: disk, heap, and the time of a restart. All are made by clients, and the server has a heap of 1 GiB. Not thread-safe. */
final class Scale implements Benchmark {
    private static final int THREADS = 16;
    private static final int FULL_FILES = 1_000_000;
    private static final int QUICK_FILES = 20_000;
    /** By so much more the second time. */
    private static final int TIMES = 10;

    private static final int FILES_PER_DIRECTORY = 10_000;
    private static final Map<String, String> HEAP = Map.of("TARN_JAVA_OPTIONS", "-Xmx1g");

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String purpose() {
        return "disk and heap of one and ten million empty files, and restarts with them, clean and by kill; a heap of 1 GiB";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        int files = lab.pace().isFull() ? FULL_FILES : QUICK_FILES;
        TarnProcess.Place place = lab.newPlace(64L * Lab.MEBIBYTE, 0);
        Path master = place.data().resolve("master");
        TarnProcess tarn = lab.startTarn(place, HEAP);
        try (tarn;
                TarnClient client = lab.connect(tarn)) {
            long start = System.nanoTime();
            populate(client, files);
            add(report, "creates of " + files + " files", "ops/s", files / Seconds.since(start));
            heap(report, tarn, "after it");
            pauses(report, tarn);
            tarn.kill();
        }
        restart(lab, report, place, files, "after kill -9");
        disk(report, "journal", DirectorySize.bytes(master.resolve("journal")), files);
        disk(report, "state", DirectorySize.bytes(master.resolve("state")), files);
        restart(lab, report, place, files, "after a clean stop");
        more(lab, report, files * TIMES);
    }

    /** Of files that no client made. */
    private void more(Lab lab, Report report, int files) throws Exception {
        TarnProcess.Place place = lab.newPlace(64L * Lab.MEBIBYTE, 0);
        Path master = place.data().resolve("master");
        lab.startTarn(place, HEAP).close();
        long start = System.nanoTime();
        ManyFiles.add(master, "scale", files, FILES_PER_DIRECTORY);
        add(
                report,
                "journaled and applied without clients, of " + files + " files",
                "ops/s",
                files / Seconds.since(start));
        restart(lab, report, place, files, "with " + files + " files");
        disk(report, "journal, of " + files, DirectorySize.bytes(master.resolve("journal")), files);
        disk(report, "state, of " + files, DirectorySize.bytes(master.resolve("state")), files);
    }

    private static void populate(TarnClient client, int files) throws Exception {
        CreateOptions options = CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE);
        for (int directory = 0; directory <= (files - 1) / FILES_PER_DIRECTORY; directory++) {
            client.makeDirectory("/scale/" + directory, true, true, 0755);
        }
        Parallel.run(THREADS, thread -> {
            for (int file = thread; file < files; file += THREADS) {
                client.create(path(file), options).close();
            }
        });
    }

    /** Starts the server again; leaves it stopped, in order. */
    private void restart(Lab lab, Report report, TarnProcess.Place place, int files, String title) throws Exception {
        long start = System.nanoTime();
        try (TarnProcess tarn = lab.startTarn(place, HEAP);
                TarnClient client = lab.connect(tarn)) {
            client.status(path(files - 1));
            add(report, "start " + title + " until it answers", "s", Seconds.since(start));
            Rate rate = Rate.measure(
                    thread -> {
                        SplittableRandom random = new SplittableRandom(thread);
                        return () -> client.status(path(random.nextInt(files))).lengthBytes();
                    },
                    THREADS,
                    lab.pace().round());
            add(report, "stat of any file, " + title, "ops/s", rate.operationsPerSecond());
            heap(report, tarn, title);
        }
    }

    /** Used is live and garbage; what the process takes of the machine's memory has RocksDB's in it. */
    private void heap(Report report, TarnProcess tarn, String title) throws Exception {
        add(
                report,
                "heap in use, " + title,
                "MiB",
                Metrics.sum(tarn, "jvm_memory_used_bytes", "area=\"heap\"") / Lab.MEBIBYTE);
    }

    private void pauses(Report report, TarnProcess tarn) throws Exception {
        double seconds = Metrics.sum(tarn, "jvm_gc_pause_seconds_sum", "");
        double count = Metrics.sum(tarn, "jvm_gc_pause_seconds_count", "");
        double longest = Metrics.sum(tarn, "jvm_gc_pause_seconds_max", "");
        report.note(String.format(
                Locale.ROOT,
                "pauses of the garbage collector: %,.0f, together %.2f s; the longest of the last minutes at most %.3f s",
                count,
                seconds,
                longest));
    }

    private void disk(Report report, String what, long bytes, int files) {
        add(report, "disk of the " + what + ", by file", "bytes", (double) bytes / files);
    }

    private void add(Report report, String title, String unit, double value) {
        report.add(Line.of(name(), title, unit, value));
    }

    private static String path(int file) {
        return "/scale/" + file / FILES_PER_DIRECTORY + "/file-" + file;
    }
}
