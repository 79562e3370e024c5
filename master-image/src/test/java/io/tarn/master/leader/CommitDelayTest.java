package io.tarn.master.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CommitDelayTest {
    private static final long NOW = Long.MAX_VALUE - 1_000_000;
    private static final long APPEND = 4_000_000;

    private final CommitDelay delay = new CommitDelay();

    /** Overflows, as nanoTime may. */
    private static long after(long nanos) {
        return NOW + nanos;
    }

    @Test
    void waitsAQuarterOfTheAppendForThoseWhoWereAnswered() {
        delay.begin(5, 3, APPEND, NOW);
        assertEquals(5, delay.missing(NOW));
        assertEquals(5, delay.missing(after(999_999)));
        assertEquals(1, delay.remainingNanos(after(999_999)));
        assertEquals(0, delay.missing(after(1_000_000)));
        assertEquals(0, delay.remainingNanos(after(2_000_000)));
    }

    @Test
    void waitsOnWhileTheyComeForOneAppendAtMost() {
        delay.begin(8, 3, APPEND, NOW);
        for (int came = 4; came < 10; came++) {
            long at = after((came - 3) * 900_000L);
            delay.look(came, at);
            assertEquals(at - NOW < APPEND ? 11 - came : 0, delay.missing(at), "at " + (at - NOW));
        }
    }

    @Test
    void endsWhenAllAreThere() {
        delay.begin(2, 1, APPEND, NOW);
        delay.look(3, NOW);
        assertEquals(0, delay.missing(NOW));
    }

    @Test
    void nobodyWaitsInAnEmptyBatch() {
        delay.begin(2, 0, APPEND, NOW);
        assertEquals(0, delay.missing(NOW));
        delay.look(1, NOW);
        assertEquals(1, delay.missing(NOW));
    }

    @Test
    void anAppendThatStalledIsNotWaitedForInProportion() {
        delay.begin(2, 1, 60_000_000_000L, NOW);
        assertEquals(0, delay.missing(after(5_000_000)));
    }

    @Test
    void aBatchThatGoesEndsIt() {
        delay.begin(2, 1, APPEND, NOW);
        delay.end();
        assertEquals(0, delay.missing(NOW));
    }
}
