package io.tarn.benchmarks.measure;

/** Makes the operation of each thread. Thread-safe. */
@FunctionalInterface
public interface Workload {
    /** @param thread counted from 0 */
    Operation forThread(int thread) throws Exception;
}
