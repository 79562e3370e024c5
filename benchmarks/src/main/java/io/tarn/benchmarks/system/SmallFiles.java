package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.process.AskedProgram;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.raw.LocalSmallFiles;
import java.util.ArrayList;
import java.util.List;

/** Many files of 4 KiB written, listed, read and deleted through Hadoop's file system, beside a directory of the disk and Alluxio. Not thread-safe. */
final class SmallFiles implements Benchmark {
    private static final int THREADS = 16;
    private static final int FILE_BYTES = 4 << 10;
    private static final int FULL_FILES = 100_000;
    private static final int QUICK_FILES = 2_000;
    private static final List<String> STEPS = List.of("write", "list", "read", "delete");
    /** Memory for pages of 1 MiB at worst. */
    private static final long MEMORY_BYTES = 4096L * Lab.MEBIBYTE;

    @Override
    public String name() {
        return "small";
    }

    @Override
    public String purpose() {
        return "files of 4 KiB written, listed, read and deleted by 16 threads, beside a directory of this disk and "
                + BesideAlluxio.ALLUXIO;
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        boolean full = lab.pace().isFull();
        int count = full ? FULL_FILES : QUICK_FILES;
        TarnProcess server = lab.startTarn(lab.newPlace(MEMORY_BYTES, 0));
        AskedProgram alluxioServer = lab.startAlluxio(MEMORY_BYTES);
        AskedProgram tarn = lab.startFileSystemLoad("tarn://" + server.master() + "/small");
        AskedProgram alluxio = lab.startFileSystemLoad(alluxioServer.greeting().getFirst() + "/small");
        LocalSmallFiles local = new LocalSmallFiles(lab.disk("small"), THREADS);
        String command = "small " + THREADS + " " + count + " " + FILE_BYTES;
        String warmUp = "small " + THREADS + " " + QUICK_FILES + " " + FILE_BYTES;
        for (AskedProgram side : List.of(tarn, alluxio)) {
            long end = System.nanoTime() + lab.pace().programWarmUp().toNanos();
            do {
                var unused = side.ask(warmUp);
            } while (System.nanoTime() < end);
        }
        List<List<Double>> ours = new ArrayList<>();
        List<List<Double>> theirs = new ArrayList<>();
        List<List<Double>> raw = new ArrayList<>();
        for (int round = 0; round < (full ? 3 : 1); round++) {
            raw.add(local.run(count, FILE_BYTES));
            ours.add(BesideAlluxio.figures(tarn, command, 1));
            theirs.add(BesideAlluxio.figures(alluxio, command, 1));
        }
        for (int i = 0; i < STEPS.size(); i++) {
            String step = STEPS.get(i) + ", " + count + " files";
            report.add(new Line(
                    name(),
                    step,
                    "files/s",
                    BesideAlluxio.column(ours, i),
                    "local directory",
                    BesideAlluxio.column(raw, i)));
            report.add(new Line(
                    name(),
                    step,
                    "files/s",
                    BesideAlluxio.column(ours, i),
                    BesideAlluxio.ALLUXIO,
                    BesideAlluxio.column(theirs, i)));
        }
    }
}
