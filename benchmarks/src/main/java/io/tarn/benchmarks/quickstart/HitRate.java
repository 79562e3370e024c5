package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.Metrics;
import io.tarn.benchmarks.process.TarnProcess;
import java.io.IOException;
import java.util.Locale;

/**
 * The share of what a worker served that did not have to come from S3: the worker tells what it served, the S3 server what it sent. Immutable.
 *
 * @param servedBytes sent to readers, from whichever source
 * @param storeBytes object bytes that S3 sent meanwhile
 */
record HitRate(double servedBytes, double storeBytes) {
    private static final String READ_BYTES = "tarn_worker_read_bytes_total";
    private static final double PERCENT = 100;

    static double servedBytes(TarnProcess tarn) throws IOException {
        return Metrics.sum(tarn, READ_BYTES, "");
    }

    /** What was read ahead and not used makes it 0, not less; what readers took from memory themselves is all hits. */
    String percent() {
        double missed = storeBytes == 0 ? 0 : Math.min(1, storeBytes / servedBytes);
        return String.format(Locale.ROOT, "%.1f %%", PERCENT * (1 - missed));
    }
}
