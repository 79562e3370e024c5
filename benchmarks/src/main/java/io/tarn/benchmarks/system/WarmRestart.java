package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.process.Metrics;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.SdkReads;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.S3Process;
import java.nio.ByteBuffer;

/** What is fetched again after a restart, and what tiers move when memory holds half of what is read and disk twice of it. */
final class WarmRestart implements Benchmark {
    private static final int FILES = 8;

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String purpose() {
        return "bytes fetched again after a restart, clean and by kill; bytes moved between tiers by byte read";
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        S3Process s3 = lab.startS3();
        long workingSet = lab.fileBytes();
        TarnProcess.Place place = lab.newPlace(workingSet / 2, 2 * workingSet);
        try (s3;
                SdkReads sdk = new SdkReads(s3)) {
            for (int file = 0; file < FILES; file++) {
                S3Objects.write(sdk, "file-" + file, workingSet / FILES);
            }
            TarnProcess tarn = lab.startTarn(place);
            try (tarn;
                    TarnClient client = lab.connect(tarn)) {
                client.mount("/lake", "s3://" + Lab.BUCKET, Lab.mountOf(s3));
                readAll(client);
                long before = s3.counts().objectBytesOut();
                double moved = moved(tarn);
                readAll(client);
                add(
                        report,
                        "second pass, MEM half and SSD twice: S3 bytes by byte read",
                        s3.counts().objectBytesOut() - before,
                        workingSet);
                add(
                        report,
                        "second pass: bytes moved between tiers by byte read",
                        (long) (moved(tarn) - moved),
                        workingSet);
            }
            afterRestart(lab, report, place, s3, "restart after a clean stop", TarnProcess::kill);
            afterRestart(lab, report, place, s3, "restart after kill -9", TarnProcess::close);
        }
    }

    private interface Ending {
        void end(TarnProcess tarn);
    }

    /** Starts the server again, reads everything, and ends it in a way that the next start has to live with. */
    private void afterRestart(
            Lab lab, Report report, TarnProcess.Place place, S3Process s3, String title, Ending ending)
            throws Exception {
        long start = System.nanoTime();
        TarnProcess tarn = lab.startTarn(place);
        try (TarnClient client = lab.connect(tarn)) {
            report.note(title + ": serves again after " + (System.nanoTime() - start) / 1_000_000 + " ms");
            long before = s3.counts().objectBytesOut();
            readAll(client);
            add(report, title + ": S3 bytes by byte read", s3.counts().objectBytesOut() - before, lab.fileBytes());
        } finally {
            ending.end(tarn);
        }
    }

    private static double moved(TarnProcess tarn) throws Exception {
        return Metrics.sum(tarn, "tarn_worker_moved_bytes_total", "");
    }

    private void add(Report report, String title, long bytes, long readBytes) {
        report.add(Line.of(name(), title, "ratio", (double) bytes / readBytes));
    }

    private static void readAll(TarnClient client) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Lab.MEBIBYTE);
        for (int file = 0; file < FILES; file++) {
            try (FileReader reader = client.open("/lake/file-" + file, OpenOptions.DEFAULT)) {
                long length = reader.info().lengthBytes();
                for (long offset = 0; offset < length; ) {
                    offset += reader.read(offset, buffer.clear());
                }
            }
        }
    }
}
