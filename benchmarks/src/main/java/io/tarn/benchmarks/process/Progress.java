package io.tarn.benchmarks.process;

import java.io.PrintStream;
import java.util.Locale;

/** Says what is being done, and how long each step took, on standard error; results go to standard output. Not thread-safe. */
public final class Progress {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream out;
    private final long start = System.nanoTime();

    public Progress(PrintStream out) {
        this.out = out;
    }

    public void say(String text) {
        out.printf(Locale.ROOT, "[%5.1f s] %s%n", (System.nanoTime() - start) / NANOS_PER_SECOND, text);
    }
}
