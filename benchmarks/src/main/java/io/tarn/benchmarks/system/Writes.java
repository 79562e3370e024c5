package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.RawWrites;
import io.tarn.client.CreateOptions;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.testing.s3.S3Process;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes of one large file by one thread, into the cache and through it, beside a plain write to the same tmpfs. */
final class Writes implements Benchmark {
    private static final double BYTES_PER_MEGABYTE = 1e6;

    @Override
    public String name() {
        return "writes";
    }

    @Override
    public String purpose() {
        return "writes into the cache and through it to S3 and to a directory, beside a plain write to tmpfs";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        long length = lab.fileBytes() / 2;
        Path plain = lab.memory().resolve("written");
        ByteBuffer buffer = Lab.noise();
        S3Process s3 = lab.startS3();
        try (s3;
                TarnProcess tarn = lab.startTarn(lab.newPlace(3 * lab.fileBytes(), 0));
                TarnClient client = lab.connect(tarn)) {
            client.mount("/lake", "s3://" + Lab.BUCKET, Lab.mountOf(s3));
            client.mount("/disk", lab.disk("written").toUri().toString(), MountSettings.DEFAULT);
            List<List<Double>> speeds =
                    List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round <= lab.pace().rounds() + 1; round++) {
                List<Double> now = List.of(
                        speed(length, () -> RawWrites.write(plain, length, buffer)),
                        speed(length, () -> write(client, "/written", length, WriteType.MUST_CACHE)),
                        speed(length, () -> write(client, "/disk/written", length, WriteType.CACHE_THROUGH)),
                        speed(length, () -> write(client, "/lake/written", length, WriteType.CACHE_THROUGH)));
                for (int side = 0; side < now.size() && round > 1; side++) {
                    speeds.get(side).add(now.get(side));
                }
            }
            Sample raw = Sample.of(speeds.get(0));
            report.add(new Line(name(), "MUST_CACHE write", "MB/s", Sample.of(speeds.get(1)), "tmpfs write", raw));
            report.add(new Line(
                    name(), "CACHE_THROUGH to a directory", "MB/s", Sample.of(speeds.get(2)), "tmpfs write", raw));
            report.add(new Line(name(), "CACHE_THROUGH to S3", "MB/s", Sample.of(speeds.get(3)), "tmpfs write", raw));
        }
        Files.delete(plain);
    }

    private interface Write {
        void run() throws Exception;
    }

    private static void write(TarnClient client, String path, long length, WriteType type) throws Exception {
        Lab.write(
                client, path, length, CreateOptions.DEFAULT.withWriteType(type).withOverwrite(true));
    }

    private static double speed(long length, Write write) throws Exception {
        long start = System.nanoTime();
        write.run();
        return length / BYTES_PER_MEGABYTE / ((System.nanoTime() - start) / 1e9);
    }
}
