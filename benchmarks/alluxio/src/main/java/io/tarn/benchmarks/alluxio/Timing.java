package io.tarn.benchmarks.alluxio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads and rates. */
final class Timing {
    private Timing() {}

    interface Work {
        void run(int thread) throws Exception;
    }

    /** Ends when all threads have ended; the first failure is thrown. */
    static void inThreads(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(pool.submit(() -> {
                    work.run(thread);
                    return true;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            pool.shutdownNow();
        }
    }

    static String perSecond(long count, long startNanos) {
        return String.format(Locale.ROOT, "%.1f", count * 1e9 / (System.nanoTime() - startNanos));
    }
}
