package io.tarn.master.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CommitDelayTest {
    private static final long NOW = Long.MAX_VALUE - 1_000_000;

    private final CommitDelay delay = new CommitDelay();

    @Test
    void waitsForThoseWhoWereAnsweredForAQuarterOfTheAppend() {
        delay.begin(8, 4_000_000, NOW);
        assertEquals(5, delay.missing(3, NOW));
        assertEquals(1, delay.missing(7, NOW + 999_999));
        assertEquals(1, delay.remainingNanos(NOW + 999_999));
        assertEquals(0, delay.missing(7, NOW + 1_000_000), "nanoTime may overflow");
        assertEquals(0, delay.remainingNanos(NOW + 2_000_000));
    }

    @Test
    void endsWhenAllAreThere() {
        delay.begin(2, 4_000_000, NOW);
        assertEquals(0, delay.missing(2, NOW));
        assertEquals(0, delay.missing(3, NOW));
    }

    @Test
    void nobodyWaitsInAnEmptyBatch() {
        delay.begin(2, 4_000_000, NOW);
        assertEquals(0, delay.missing(0, NOW));
    }

    @Test
    void anAppendThatStalledIsNotWaitedForInProportion() {
        delay.begin(2, 60_000_000_000L, NOW);
        assertEquals(0, delay.missing(1, NOW + 5_000_000));
    }

    @Test
    void aBatchThatGoesEndsIt() {
        delay.begin(2, 4_000_000, NOW);
        delay.end();
        assertEquals(0, delay.missing(1, NOW));
    }
}
