package io.tarn.master;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The meters that come into being while a master leads, which go with its leadership: the next one has parts of its own to measure. Thread-safe. */
final class LeadershipMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final Queue<Meter> added = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    LeadershipMeters(MeterRegistry registry) {
        this.registry = registry;
        registry.config().onMeterAdded(meter -> {
            if (!closed) {
                added.add(meter);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        added.forEach(registry::remove);
        added.clear();
    }
}
