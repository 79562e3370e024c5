package io.tarn.worker.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScrubberTest {
    private static final long MIB = 1 << 20;
    private static final long TIB = 1L << 40;

    @Test
    void aCycleIsSpreadOverItsTimeWithinBounds() {
        Duration day = Duration.ofDays(1);
        assertEquals((long) (TIB * 1.25 / 86_400), Scrubber.spread(TIB, day, 64 * MIB));
        assertEquals(MIB, Scrubber.spread(1, day, 64 * MIB));
        assertEquals(64 * MIB, Scrubber.spread(100 * TIB, day, 64 * MIB));
        assertEquals(1, Scrubber.spread(100 * TIB, day, 1));
    }
}
