package io.tarn.benchmarks.system;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same thing on several threads. */
final class Parallel {
    private Parallel() {}

    /** What one thread does. */
    interface Task {
        void run(int thread) throws Exception;
    }

    /** Returns when all have ended; throws the failure of the first that failed. */
    static void run(int threads, Task task) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int index = 0; index < threads; index++) {
                int thread = index;
                running.add(pool.submit((Callable<Void>) () -> {
                    task.run(thread);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        }
    }
}
