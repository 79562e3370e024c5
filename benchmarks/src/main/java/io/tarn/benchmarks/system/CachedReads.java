package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Comparison;
import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.measure.Workload;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.RawFileReads;
import io.tarn.benchmarks.raw.RawWrites;
import io.tarn.client.CreateOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;

/** Reads of a file that the MEM tier holds whole, beside plain reads of a file of the same size on the same tmpfs. */
final class CachedReads implements Benchmark {
    private static final String PATH = "/cached-reads";
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final List<Integer> LENGTHS = List.of(4 << 10, 64 << 10, 1 << 20);
    private static final List<Integer> THREADS = List.of(1, 8);

    @Override
    public String name() {
        return "local";
    }

    @Override
    public String purpose() {
        return "cached reads on the node, by the Java client and by Hadoop, beside FileChannel and mmap";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        Path plain = lab.memory().resolve("plain");
        writePlain(plain, lab.fileBytes());
        try (TarnProcess tarn = lab.startTarn(lab.newPlace(2 * lab.fileBytes(), 0));
                TarnClient client = lab.connect(tarn);
                FileSystem hadoop = TarnReads.fileSystem(tarn.master())) {
            Lab.write(client, PATH, lab.fileBytes(), CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE));
            ReadShape first = new ReadShape(false, 64 << 10, 8);
            warmUp(lab, thread -> TarnReads.java(client, PATH, first.offsets(lab.fileBytes(), thread), 64 << 10));
            warmUp(lab, thread -> TarnReads.hadoop(hadoop, PATH, first.offsets(lab.fileBytes(), thread), 64 << 10));
            for (ReadShape shape : ReadShape.all(LENGTHS, THREADS)) {
                measure(lab, report, shape, plain, client, hadoop);
            }
        }
        Files.delete(plain);
    }

    private void measure(Lab lab, Report report, ReadShape shape, Path plain, TarnClient client, FileSystem hadoop)
            throws Exception {
        long fileBytes = lab.fileBytes();
        int length = shape.lengthBytes();
        List<Workload> workloads = List.of(
                thread -> RawFileReads.channel(plain, shape.offsets(fileBytes, thread), length),
                thread -> RawFileReads.mapping(plain, shape.offsets(fileBytes, thread), length),
                thread -> TarnReads.java(client, PATH, shape.offsets(fileBytes, thread), length),
                thread -> TarnReads.hadoop(hadoop, PATH, shape.offsets(fileBytes, thread), length));
        List<Sample> samples = new Comparison(lab.pace(), CachedReads::megabytes).run(shape.threads(), workloads);
        String title = shape.describe();
        report.add(new Line(name(), title + ", Java", "MB/s", samples.get(2), "FileChannel", samples.get(0)));
        report.add(new Line(name(), title + ", Java", "MB/s", samples.get(2), "mmap", samples.get(1)));
        report.add(new Line(name(), title + ", Hadoop", "MB/s", samples.get(3), "FileChannel", samples.get(0)));
    }

    static void warmUp(Lab lab, Workload workload) throws Exception {
        Rate.measure(
                workload, Collections.max(THREADS), lab.pace().programWarmUp().dividedBy(2));
    }

    static double megabytes(Rate rate) {
        return rate.bytesPerSecond() / BYTES_PER_MEGABYTE;
    }

    static void writePlain(Path file, long lengthBytes) throws IOException {
        RawWrites.write(file, lengthBytes, Lab.noise());
    }
}
