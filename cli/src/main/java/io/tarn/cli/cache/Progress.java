package io.tarn.cli.cache;

import io.tarn.cli.Console;
import io.tarn.cli.output.Field;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A bar on the terminal that shows how far a load has come, redrawn five times a second; nothing where no terminal is. Thread-safe. */
final class Progress implements AutoCloseable {
    private static final int BAR_CELLS = 24;

    private final Console console;
    private final long startNanos = System.nanoTime();
    private final AtomicLong doneBytes = new AtomicLong();
    private final AtomicLong totalBytes = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final ScheduledExecutorService redraw;

    Progress(Console console) {
        this.console = console;
        this.redraw = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tarn-progress");
            thread.setDaemon(true);
            return thread;
        });
        if (console.interactive()) {
            var unused = redraw.scheduleWithFixedDelay(this::draw, 200, 200, TimeUnit.MILLISECONDS);
        }
    }

    /** More to do than was known before: files are found while others are loaded. */
    void addTotal(long bytes) {
        totalBytes.addAndGet(bytes);
        files.incrementAndGet();
    }

    void addDone(long bytes) {
        doneBytes.addAndGet(bytes);
    }

    long doneBytes() {
        return doneBytes.get();
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void draw() {
        console.err().print("\r" + bar(doneBytes.get(), totalBytes.get(), files.get(), seconds()) + "\u001b[K");
        console.err().flush();
    }

    static String bar(long done, long total, long files, double seconds) {
        double part = total == 0 ? 0 : Math.min(1, (double) done / total);
        int full = (int) (part * BAR_CELLS);
        return "[" + "#".repeat(full) + ".".repeat(BAR_CELLS - full) + "] " + (int) (100 * part) + " %  "
                + Field.amount(done) + " of " + Field.amount(total) + " in " + files + " files  "
                + Field.amount((long) (done / Math.max(0.001, seconds))) + "/s";
    }

    @Override
    public void close() {
        redraw.shutdownNow();
        if (console.interactive()) {
            draw();
            console.err().println();
        }
    }
}
