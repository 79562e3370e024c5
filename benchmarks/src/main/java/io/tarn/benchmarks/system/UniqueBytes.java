package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.SdkReads;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.S3Counts;
import io.tarn.testing.s3.S3Process;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/** Object bytes that S3 sends while many readers read one object, over the bytes of the distinct pages that they touch: 1.0 is the least there is. */
final class UniqueBytes implements Benchmark {
    private static final int READERS = 16;
    private static final int RANDOM_READ_BYTES = 64 << 10;

    @Override
    public String name() {
        return "unique";
    }

    @Override
    public String purpose() {
        return "bytes read from S3 over bytes of distinct pages touched, " + READERS + " readers of one object";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        S3Process s3 = lab.startS3();
        try (s3;
                SdkReads sdk = new SdkReads(s3);
                TarnProcess tarn = lab.startTarn(lab.newPlace(lab.fileBytes() + lab.fileBytes() / 2, 0));
                TarnClient client = lab.connect(tarn)) {
            S3Objects.write(sdk, "whole", lab.fileBytes());
            S3Objects.write(sdk, "random", lab.fileBytes());
            client.mount("/lake", "s3://" + Lab.BUCKET, Lab.mountOf(s3));
            S3Counts start = s3.counts();
            Parallel.run(READERS, reader -> readWhole(client, lab.fileBytes()));
            add(report, "whole object, " + READERS + " readers", s3.counts().since(start), lab.fileBytes());
            client.free("/lake/whole");

            AtomicLongArray touched = new AtomicLongArray((int) (lab.fileBytes() / Lab.MEBIBYTE));
            int reads = (int) (touched.length() / (2L * READERS));
            S3Counts before = s3.counts();
            Parallel.run(READERS, reader -> readRandomly(client, reader, reads, touched));
            add(report, "random 64 KiB, " + READERS + " readers", s3.counts().since(before), pages(touched));
        }
    }

    private void add(Report report, String title, S3Counts served, long uniqueBytes) {
        double ratio = (double) served.objectBytesOut() / uniqueBytes;
        report.add(Line.of(name(), "S3 bytes over unique bytes, " + title, "ratio", ratio));
        report.note(String.format(
                Locale.ROOT,
                "%,d bytes from S3 in %d GETs, %,d unique",
                served.objectBytesOut(),
                served.getRequests(),
                uniqueBytes));
    }

    private static void readWhole(TarnClient client, long fileBytes) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Lab.MEBIBYTE);
        try (FileReader reader = client.open("/lake/whole", OpenOptions.DEFAULT)) {
            for (long offset = 0; offset < fileBytes; ) {
                offset += reader.read(offset, buffer.clear());
            }
        }
    }

    private static void readRandomly(TarnClient client, int seed, int reads, AtomicLongArray touched) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer buffer = ByteBuffer.allocateDirect(RANDOM_READ_BYTES);
        int slotsPerPage = Lab.MEBIBYTE / RANDOM_READ_BYTES;
        OpenOptions options = new OpenOptions(OpenOptions.DEFAULT.readType(), OpenOptions.AccessPattern.RANDOM);
        try (FileReader reader = client.open("/lake/random", options)) {
            for (int read = 0; read < reads; read++) {
                int page = random.nextInt(touched.length());
                touched.set(page, 1);
                long offset = (long) page * Lab.MEBIBYTE + (long) random.nextInt(slotsPerPage) * RANDOM_READ_BYTES;
                buffer.clear();
                while (buffer.hasRemaining()) {
                    reader.read(offset + buffer.position(), buffer);
                }
            }
        }
    }

    private static long pages(AtomicLongArray touched) {
        long pages = 0;
        for (int page = 0; page < touched.length(); page++) {
            pages += touched.get(page);
        }
        return pages * Lab.MEBIBYTE;
    }
}
