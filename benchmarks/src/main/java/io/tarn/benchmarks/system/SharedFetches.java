package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.raw.SdkReads;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.S3Counts;
import io.tarn.testing.s3.S3Process;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Object bytes that S3 sends to several workers while many readers read the same objects, over the bytes of the objects: 1.0 is the least there is. For one thread. */
final class SharedFetches {
    private static final int READERS = 16;
    private static final int OBJECTS = 6;

    private final Lab lab;
    private final String benchmark;

    SharedFetches(Lab lab, String benchmark) {
        this.lab = lab;
        this.benchmark = benchmark;
    }

    void run(Report report, TarnClient client) throws Exception {
        long objectBytes = lab.fileBytes() / OBJECTS / Lab.MEBIBYTE * Lab.MEBIBYTE;
        try (S3Process s3 = lab.startS3();
                SdkReads sdk = new SdkReads(s3)) {
            for (int object = 0; object < OBJECTS; object++) {
                S3Objects.write(sdk, "object-" + object, objectBytes);
            }
            client.mount("/lake", "s3://" + Lab.BUCKET, Lab.mountOf(s3));
            S3Counts start = s3.counts();
            Parallel.run(READERS, reader -> readAll(client, reader, objectBytes));
            S3Counts served = s3.counts().since(start);
            double ratio = (double) served.objectBytesOut() / (OBJECTS * objectBytes);
            String title = "S3 bytes over unique bytes, " + READERS + " readers, " + OBJECTS + " objects";
            report.add(Line.of(benchmark, title, "ratio", ratio));
            report.note(String.format(
                    Locale.ROOT,
                    "%,d bytes from S3 in %d GETs, %,d unique; %s",
                    served.objectBytesOut(),
                    served.getRequests(),
                    OBJECTS * objectBytes,
                    client.figures()));
            client.unmount("/lake");
        }
    }

    /** Each reader begins with another object: different workers are asked at once, of which each object's home is mostly another one. */
    private static void readAll(TarnClient client, int reader, long objectBytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Lab.MEBIBYTE);
        for (int i = 0; i < OBJECTS; i++) {
            try (FileReader file = client.open("/lake/object-" + (reader + i) % OBJECTS, OpenOptions.DEFAULT)) {
                for (long offset = 0; offset < objectBytes; ) {
                    offset += file.read(offset, buffer.clear());
                }
            }
        }
    }
}
