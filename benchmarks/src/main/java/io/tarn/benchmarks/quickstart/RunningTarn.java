package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.Metrics;
import java.io.IOException;
import java.util.List;

/**
 * The Tarn that the queries run on: one process, or a cluster.
 *
 * @param masters host:port of each
 * @param workersHttp bases of metrics and health of each process with a worker
 */
record RunningTarn(List<String> masters, List<String> workersHttp) {
    private static final String READ_BYTES = "tarn_worker_read_bytes_total";

    /** A path as Spark and Hadoop name it. */
    String uri(String path) {
        return "tarn://" + masters.getFirst() + path;
    }

    /** As settings and options take them. */
    String mastersList() {
        return String.join(",", masters);
    }

    /** Bytes that the workers have sent to readers, from whichever source. */
    double servedBytes() throws IOException {
        return Metrics.sum(workersHttp, READ_BYTES, "");
    }
}
