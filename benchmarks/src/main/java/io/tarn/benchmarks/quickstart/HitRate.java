package io.tarn.benchmarks.quickstart;

import java.util.Locale;

/**
 * The share of what workers served that did not have to come from S3: the workers tell what they served, the S3 server what it sent. Immutable.
 *
 * @param servedBytes sent to readers, from whichever source
 * @param storeBytes object bytes that S3 sent meanwhile
 */
record HitRate(double servedBytes, double storeBytes) {
    private static final double PERCENT = 100;

    /** What was read ahead and not used makes it 0, not less; what readers took from memory themselves is all hits. */
    String percent() {
        double missed = storeBytes == 0 ? 0 : Math.min(1, storeBytes / servedBytes);
        return String.format(Locale.ROOT, "%.1f %%", PERCENT * (1 - missed));
    }
}
