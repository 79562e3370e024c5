package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Line;
import io.tarn.benchmarks.measure.Report;
import io.tarn.benchmarks.measure.Sample;
import io.tarn.benchmarks.process.AskedProgram;
import io.tarn.benchmarks.process.TarnProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The same program of work on tarn:// and on alluxio://, through Hadoop's file system, in turn. Alluxio keeps all in memory, its journal too; Tarn's journal is on the disk. Not thread-safe.
 */
final class BesideAlluxio implements Benchmark {
    static final String ALLUXIO = "Alluxio 2.9.6";

    private static final int THREADS = 16;
    private static final List<String> OPERATIONS = List.of("create", "open", "stat", "rename", "delete");
    private static final List<Shape> SHAPES = List.of(
            new Shape("sequential", Lab.MEBIBYTE, 1),
            new Shape("sequential", Lab.MEBIBYTE, 8),
            new Shape("random", 4 << 10, 1),
            new Shape("random", 4 << 10, 8),
            new Shape("random", 64 << 10, 1),
            new Shape("random", 64 << 10, 8),
            new Shape("random", Lab.MEBIBYTE, 1),
            new Shape("random", Lab.MEBIBYTE, 8));

    private record Shape(String order, int pieceBytes, int threads) {
        String command(long millis) {
            return "read " + order + " " + pieceBytes + " " + threads + " " + millis;
        }

        @Override
        public String toString() {
            String piece = pieceBytes < Lab.MEBIBYTE ? (pieceBytes >> 10) + " KiB" : (pieceBytes >> 20) + " MiB";
            return order + " " + piece + ", " + threads + (threads == 1 ? " thread" : " threads");
        }
    }

    @Override
    public String name() {
        return "alluxio";
    }

    @Override
    public String purpose() {
        return "cached reads, writes and metadata through Hadoop's file system, beside the same with " + ALLUXIO;
    }

    @Override
    public void run(Lab lab, Report report) throws Exception {
        TarnProcess server = lab.startTarn(lab.newPlace(4 * lab.fileBytes(), 0));
        AskedProgram alluxioServer = lab.startAlluxio(4 * lab.fileBytes());
        AskedProgram tarn = lab.startFileSystemLoad("tarn://" + server.master() + "/beside");
        AskedProgram alluxio = lab.startFileSystemLoad(alluxioServer.greeting().getFirst() + "/beside");
        boolean full = lab.pace().isFull();
        String write = "write " + lab.fileBytes();
        String metadata = "metadata " + THREADS + " " + (full ? 1000 : 50);
        long millis = lab.pace().round().toMillis();
        for (AskedProgram side : List.of(tarn, alluxio)) {
            long end = System.nanoTime() + lab.pace().programWarmUp().toNanos();
            do {
                var unused = side.ask(write);
                for (Shape shape : SHAPES) {
                    unused = side.ask(shape.command(millis / 2));
                }
                unused = side.ask(metadata);
            } while (System.nanoTime() < end);
        }
        compare(lab, report, tarn, alluxio, "MB/s", 1e-6, List.of("write, 1 thread"), write);
        for (Shape shape : SHAPES) {
            double scale = shape.pieceBytes < Lab.MEBIBYTE ? 1.0 / shape.pieceBytes : 1e-6;
            String unit = shape.pieceBytes < Lab.MEBIBYTE ? "reads/s" : "MB/s";
            compare(lab, report, tarn, alluxio, unit, scale, List.of(shape.toString()), shape.command(millis));
        }
        List<String> operations = OPERATIONS.stream()
                .map(each -> each + ", " + THREADS + " threads")
                .toList();
        compare(lab, report, tarn, alluxio, "ops/s", 1, operations, metadata);
    }

    /** @param lines names of what one answer tells */
    private void compare(
            Lab lab,
            Report report,
            AskedProgram tarn,
            AskedProgram alluxio,
            String unit,
            double scale,
            List<String> lines,
            String command)
            throws IOException {
        List<List<Double>> ours = new ArrayList<>();
        List<List<Double>> theirs = new ArrayList<>();
        for (int round = 0; round < lab.pace().rounds(); round++) {
            ours.add(figures(tarn, command, scale));
            theirs.add(figures(alluxio, command, scale));
        }
        for (int i = 0; i < lines.size(); i++) {
            report.add(new Line(name(), lines.get(i), unit, column(ours, i), ALLUXIO, column(theirs, i)));
        }
    }

    static List<Double> figures(AskedProgram side, String command, double scale) throws IOException {
        return side.ask(command).stream()
                .map(word -> Double.parseDouble(word) * scale)
                .toList();
    }

    static Sample column(List<List<Double>> rounds, int index) {
        return Sample.of(rounds.stream().map(round -> round.get(index)).toList());
    }
}
