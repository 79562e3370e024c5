package io.tarn.understore.limit;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets a given amount through per second, with a burst of at most one second's worth. A caller takes what it needs at once and then waits until that
 * is paid for, so callers are served in the order in which they came, and none is starved by smaller ones.
 *
 * <p>Safe for use by many threads; none sleeps under the lock.
 */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double perSecond;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private double available;
    private long filledAt;

    /** Waits for a time. */
    public interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    /** @param perSecond more than 0 */
    public TokenBucket(long perSecond, LongSupplier nanoTime, Sleeper sleeper) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("a rate is more than 0, not " + perSecond);
        }
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.available = perSecond;
        this.filledAt = nanoTime.getAsLong();
    }

    /** On the machine's clock. */
    public static TokenBucket perSecond(long perSecond) {
        return new TokenBucket(perSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    /** Takes {@code amount} and waits until it is paid for. */
    public void take(long amount) throws InterruptedException {
        long waitNanos = reserve(amount);
        if (waitNanos > 0) {
            sleeper.sleep(waitNanos);
        }
    }

    private synchronized long reserve(long amount) {
        long now = nanoTime.getAsLong();
        available = Math.min(perSecond, available + (now - filledAt) / NANOS_PER_SECOND * perSecond);
        filledAt = now;
        available -= amount;
        return available >= 0 ? 0 : (long) Math.ceil(-available / perSecond * NANOS_PER_SECOND);
    }
}
