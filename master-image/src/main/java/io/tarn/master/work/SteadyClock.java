package io.tarn.master.work;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Begins with the time of the wall clock, and goes on by the monotonic one, so that it never jumps, whatever is done to the machine's clock: for leases, and whoever waits for a sign of
 * life. Not for what others see, or a later process. Safe for many threads.
 */
public final class SteadyClock implements InstantSource {
    private final long startMillis;
    private final long startNanos = System.nanoTime();

    public SteadyClock(InstantSource wall) {
        this.startMillis = wall.millis();
    }

    @Override
    public long millis() {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}
