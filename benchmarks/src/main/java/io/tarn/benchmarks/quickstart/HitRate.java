package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.Metrics;
import io.tarn.benchmarks.process.TarnProcess;
import java.io.IOException;
import java.util.Locale;

/**
 * Bytes that a worker found in its tiers and bytes that it had to fetch first, as its own metrics tell. Immutable.
 */
record HitRate(double hitBytes, double missBytes) {
    private static final String READ_BYTES = "tarn_worker_read_bytes_total";
    private static final double PERCENT = 100;

    static HitRate now(TarnProcess tarn) throws IOException {
        double all = Metrics.sum(tarn, READ_BYTES, "");
        double missed = Metrics.sum(tarn, READ_BYTES, "source=\"under_store\"");
        return new HitRate(all - missed, missed);
    }

    HitRate since(HitRate earlier) {
        return new HitRate(hitBytes - earlier.hitBytes, missBytes - earlier.missBytes);
    }

    String percent() {
        double all = hitBytes + missBytes;
        return all == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", PERCENT * hitBytes / all);
    }
}
