package io.tarn.benchmarks.measure;

import java.time.Duration;

/**
 * How long is measured.
 *
 * @param programWarmUp how long a new server and client run before the first line, so that their code is compiled
 * @param warmUp how long each side of a line runs before it counts
 * @param round length of one round
 * @param rounds number of rounds
 */
public record Pace(Duration programWarmUp, Duration warmUp, Duration round, int rounds) {
    /** Enough for figures that are written down. */
    public static final Pace FULL = new Pace(Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofSeconds(2), 5);

    /** Whether figures of it may be written down. */
    public boolean isFull() {
        return equals(FULL);
    }

    /** Enough to see whether something broke. */
    public static final Pace QUICK = new Pace(Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofMillis(300), 3);
}
