package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Comparison;
import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Rate;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.measure.Workload;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.SendfileLoop;
import io.tarn.client.CreateOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Reads of a cached file over TCP, as from another node, beside a bare loop of sendfile over the same loopback. */
final class RemoteReads implements Benchmark {
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final String PATH = "/remote-reads";
    private static final List<Integer> LENGTHS = List.of(4 << 10, 64 << 10, 1 << 20);
    private static final List<Integer> THREADS = List.of(1, 8);

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public String purpose() {
        return "cached reads over TCP, beside a loop of sendfile over the same loopback";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        Path plain = lab.memory().resolve("plain");
        CachedReads.writePlain(plain, lab.fileBytes());
        try (SendfileLoop loop = SendfileLoop.start(plain);
                TarnProcess tarn = lab.startTarn(lab.newPlace(2 * lab.fileBytes(), 0));
                TarnClient client = lab.connectOverTcp(tarn)) {
            Lab.write(client, PATH, lab.fileBytes(), CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE));
            ReadShape first = new ReadShape(false, 64 << 10, 8);
            CachedReads.warmUp(
                    lab, thread -> TarnReads.java(client, PATH, first.offsets(lab.fileBytes(), thread), 64 << 10));
            for (ReadShape shape : ReadShape.all(LENGTHS, THREADS)) {
                List<Workload> workloads = List.of(
                        thread -> loop.reader(shape.offsets(lab.fileBytes(), thread), shape.lengthBytes()),
                        thread -> TarnReads.java(
                                client, PATH, shape.offsets(lab.fileBytes(), thread), shape.lengthBytes()));
                List<List<Rate>> rates =
                        new Comparison(lab.pace(), CachedReads::megabytes).rates(shape.threads(), workloads);
                add(report, shape.describe() + ", TCP", "MB/s", rates, CachedReads::megabytes);
                add(report, shape.describe() + ", TCP, by CPU", "MB/c-s", rates, RemoteReads::byProcessorTime);
            }
        }
        Files.delete(plain);
    }

    private void add(Report report, String title, String unit, List<List<Rate>> rates, ToDoubleFunction<Rate> value) {
        List<Sample> samples = rates.stream()
                .map(rounds ->
                        Sample.of(rounds.stream().map(value::applyAsDouble).toList()))
                .toList();
        report.add(new Line(name(), title, unit, samples.get(1), "sendfile", samples.get(0)));
    }

    private static double byProcessorTime(Rate rate) {
        return rate.bytesPerProcessorSecond() / BYTES_PER_MEGABYTE;
    }
}
