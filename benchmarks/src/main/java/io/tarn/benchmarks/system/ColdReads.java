package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Operation;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.SdkReads;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.S3Process;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** First reads of an object, which have to come from S3, beside the SDK reading it in ranges with as many threads. */
final class ColdReads implements Benchmark {
    private static final String KEY = "cold";
    private static final String PATH = "/lake/" + KEY;
    private static final int THREADS = 4;
    private static final int RANGE_BYTES = 8 * Lab.MEBIBYTE;
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final long SLOW_DELAY_MILLIS = 15;
    private static final long SLOW_BANDWIDTH = 200_000_000;

    @Override
    public String name() {
        return "cold";
    }

    @Override
    public String purpose() {
        return "first reads of an object from S3, beside the SDK with the same parallelism";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        S3Process s3 = lab.startS3();
        try (s3;
                SdkReads sdk = new SdkReads(s3);
                TarnProcess tarn = lab.startTarn(lab.newPlace(2 * lab.fileBytes(), 0));
                TarnClient client = lab.connect(tarn)) {
            S3Objects.write(sdk, KEY, lab.fileBytes());
            client.mount("/lake", "s3://" + Lab.BUCKET, Lab.mountOf(s3));
            measure(lab, report, sdk, client, "S3 as fast as it can");
            s3.shape(SLOW_DELAY_MILLIS, SLOW_BANDWIDTH);
            measure(lab, report, sdk, client, "S3 at 15 ms and 200 MB/s");
        }
    }

    private void measure(Lab lab, Report report, SdkReads sdk, TarnClient client, String store) throws Exception {
        List<Double> plain = new ArrayList<>();
        List<Double> cold = new ArrayList<>();
        for (int round = 0; round <= lab.pace().rounds(); round++) {
            AtomicLong position = new AtomicLong();
            double sdkSpeed =
                    once(lab.fileBytes(), () -> sdk.ranges(Lab.BUCKET, KEY, lab.fileBytes(), RANGE_BYTES, position));
            client.free(PATH);
            AtomicLong tarnPosition = new AtomicLong();
            double tarnSpeed = once(lab.fileBytes(), () -> chunks(client, tarnPosition));
            if (round > 0) {
                plain.add(sdkSpeed);
                cold.add(tarnSpeed);
            }
        }
        String title = "cold, " + THREADS + " threads of 8 MiB ranges, " + store;
        report.add(new Line(name(), title, "MB/s", Sample.of(cold), "SDK", Sample.of(plain)));
    }

    private interface OperationFactory {
        Operation make() throws Exception;
    }

    /** Reads everything exactly once, shared among the threads. @return MB/s */
    private static double once(long fileBytes, OperationFactory factory) throws Exception {
        long steps = fileBytes / RANGE_BYTES;
        AtomicLong taken = new AtomicLong();
        long start = System.nanoTime();
        Parallel.run(THREADS, thread -> {
            try (Operation operation = factory.make()) {
                while (taken.getAndIncrement() < steps) {
                    operation.run();
                }
            }
        });
        return fileBytes / BYTES_PER_MEGABYTE / ((System.nanoTime() - start) / 1e9);
    }

    private static Operation chunks(TarnClient client, AtomicLong position) throws IOException {
        FileReader reader = client.open(PATH, OpenOptions.DEFAULT);
        ByteBuffer buffer = ByteBuffer.allocateDirect(Lab.MEBIBYTE);
        return new Operation() {
            @Override
            public long run() throws IOException {
                long first = position.getAndAdd(RANGE_BYTES);
                long offset = first;
                while (offset < first + RANGE_BYTES) {
                    int read = reader.read(offset, buffer.clear());
                    if (read < 0) {
                        throw new IOException("end of " + PATH + " at " + offset);
                    }
                    offset += read;
                }
                return RANGE_BYTES;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
