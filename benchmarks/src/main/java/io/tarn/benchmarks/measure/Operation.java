package io.tarn.benchmarks.measure;

/** What one thread does again and again while it is measured. Used by that thread alone. */
public interface Operation extends AutoCloseable {
    /** Does it once. @return bytes moved; 0 for what moves none */
    long run() throws Exception;

    @Override
    default void close() throws Exception {}
}
