package io.tarn.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a workload achieved: operations and bytes, by second of wall-clock time, and by second of the processors' time.
 *
 * @param operationsPerSecond of all threads together
 * @param bytesPerSecond of all threads together
 * @param bytesPerProcessorSecond of all threads together, over the time that this process and those that it started took of all processors
 */
public record Rate(double operationsPerSecond, double bytesPerSecond, double bytesPerProcessorSecond) {
    private static final double NANOS_PER_SECOND = 1e9;

    private record Count(long operations, long bytes) {}

    /** Runs {@code workload} on platform threads for {@code duration}; the first failure of a thread ends it. */
    public static Rate measure(Workload workload, int threads, Duration duration) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Operation> operations = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                operations.add(workload.forThread(thread));
            }
            double processorStart = ProcessorTime.seconds();
            long start = System.nanoTime();
            long end = start + duration.toNanos();
            List<Future<Count>> counts = new ArrayList<>();
            for (Operation operation : operations) {
                counts.add(pool.submit((Callable<Count>) () -> repeat(operation, end)));
            }
            return sum(counts, start, processorStart);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        }
    }

    private static Rate sum(List<Future<Count>> counts, long start, double processorStart)
            throws InterruptedException, ExecutionException {
        long operations = 0;
        long bytes = 0;
        for (Future<Count> count : counts) {
            operations += count.get().operations();
            bytes += count.get().bytes();
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        double processorSeconds = ProcessorTime.seconds() - processorStart;
        return new Rate(operations / seconds, bytes / seconds, bytes / processorSeconds);
    }

    private static Count repeat(Operation operation, long end) throws Exception {
        long operations = 0;
        long bytes = 0;
        try (operation) {
            while (System.nanoTime() < end) {
                bytes += operation.run();
                operations++;
            }
        }
        return new Count(operations, bytes);
    }
}
