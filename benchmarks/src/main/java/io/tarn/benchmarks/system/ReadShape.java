package io.tarn.benchmarks.system;

import io.tarn.benchmarks.raw.Offsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a file is read.
 *
 * @param sequential onwards, else anywhere
 * @param lengthBytes of one read
 * @param threads each with its own reader
 */
record ReadShape(boolean sequential, int lengthBytes, int threads) {
    private static final int KIBIBYTE = 1 << 10;

    /** Every combination of the lengths and numbers of threads. */
    static List<ReadShape> all(List<Integer> lengths, List<Integer> threads) {
        List<ReadShape> shapes = new ArrayList<>();
        for (boolean sequential : new boolean[] {true, false}) {
            for (int length : lengths) {
                for (int count : threads) {
                    shapes.add(new ReadShape(sequential, length, count));
                }
            }
        }
        return shapes;
    }

    Offsets offsets(long fileBytes, int thread) {
        return sequential
                ? Offsets.sequential(fileBytes, lengthBytes, thread, threads)
                : Offsets.random(fileBytes, lengthBytes, thread);
    }

    String describe() {
        String length =
                lengthBytes >= Lab.MEBIBYTE ? lengthBytes / Lab.MEBIBYTE + " MiB" : lengthBytes / KIBIBYTE + " KiB";
        return String.format(
                Locale.ROOT,
                "%s %s, %d thread%s",
                sequential ? "sequential" : "random",
                length,
                threads,
                threads == 1 ? "" : "s");
    }
}
