package io.tarn.understore.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rates, on a clock that only sleeping moves. */
final class TokenBucketTest {
    private long now = 1;
    private long slept;
    private final TokenBucket bucket = new TokenBucket(1_000, () -> now, nanos -> {
        now += nanos;
        slept += nanos;
    });

    @Test
    void aBurstOfOneSecondIsFree() throws InterruptedException {
        bucket.take(400);
        bucket.take(600);
        assertEquals(0, slept);
        bucket.take(1);
        assertEquals(TimeUnit.MILLISECONDS.toNanos(1), slept);
    }

    @Test
    void thenTheRateHolds() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            bucket.take(100);
        }
        assertEquals(9.0, slept / 1e9, 0.001);
    }

    @Test
    void timeThatPassesFillsItUpToOneSecond() throws InterruptedException {
        bucket.take(1_000);
        now += TimeUnit.HOURS.toNanos(1);
        bucket.take(1_500);
        assertEquals(0.5, slept / 1e9, 0.001);
    }

    @Test
    void aLargeAmountIsPaidFor() throws InterruptedException {
        bucket.take(11_000);
        assertEquals(10.0, slept / 1e9, 0.001);
        bucket.take(1);
        assertEquals(10.001, slept / 1e9, 0.0001);
    }

    @Test
    void noRateIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TokenBucket.perSecond(0));
    }
}
