package io.tarn.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.protocol.v1.CacheFigures;
import io.tarn.protocol.v1.MountFigures;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** The worker's meters, and the totals that heartbeats carry. Safe for many threads. */
public final class WorkerMetrics {
    /** The label of data that no under store backs. */
    public static final String NO_MOUNT = "none";

    private static final String EVICTED_BYTES = "tarn_worker_evicted_bytes_total";
    private static final String MOVED_BYTES = "tarn_worker_moved_bytes_total";
    private static final int MAX_MOUNTS = 1000;

    private final MeterRegistry registry;
    private final Map<String, MountMeters> mounts = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder requestsInFlight = new LongAdder();
    private final LongAdder hitBytes = new LongAdder();
    private final LongAdder hitRequests = new LongAdder();
    private final LongAdder missBytes = new LongAdder();
    private final LongAdder missRequests = new LongAdder();
    private final LongAdder storeBytes = new LongAdder();
    private final LongAdder storeRequests = new LongAdder();

    public WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("tarn.worker.connections", connections, AtomicInteger::get)
                .description("Open data connections")
                .register(registry);
        Gauge.builder("tarn.worker.requests.in.flight", requestsInFlight, LongAdder::sum)
                .description("Requests taken and not answered yet")
                .register(registry);
    }

    /** The meters of one mount, by its path in the namespace; beyond 1,000 mounts they share one. */
    public MountMeters mount(String mountPath) {
        MountMeters known = mounts.get(mountPath);
        if (known != null) {
            return known;
        }
        String label = mounts.size() < MAX_MOUNTS ? mountPath : "other";
        return mounts.computeIfAbsent(label, path -> new MountMeters(this, registry, path));
    }

    /** Makes a gauge of a value that some part of the worker keeps. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** @return connections with this one */
    public int connectionOpened() {
        return connections.incrementAndGet();
    }

    public void connectionClosed() {
        connections.decrementAndGet();
    }

    public void requestTaken() {
        requestsInFlight.increment();
    }

    public void requestAnswered() {
        requestsInFlight.decrement();
    }

    void hit(long bytes) {
        hitBytes.add(bytes);
        hitRequests.increment();
    }

    void miss(long bytes) {
        missBytes.add(bytes);
        missRequests.increment();
    }

    void storeRequest() {
        storeRequests.increment();
    }

    void storeBytes(long bytes) {
        storeBytes.add(bytes);
    }

    /** What the page store has counted, over all its tiers. */
    private long counted(String name) {
        return (long) registry.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** The same by mount, as far as single mounts can tell. */
    public List<MountFigures> mountFigures() {
        return mounts.entrySet().stream()
                .map(mount -> MountFigures.newBuilder()
                        .setMountPath(mount.getKey())
                        .setFigures(mount.getValue().figures())
                        .build())
                .toList();
    }

    /** Totals since the start. */
    public CacheFigures figures() {
        return CacheFigures.newBuilder()
                .setHitBytes(hitBytes.sum())
                .setHitRequests(hitRequests.sum())
                .setMissBytes(missBytes.sum())
                .setMissRequests(missRequests.sum())
                .setUnderStoreReadBytes(storeBytes.sum())
                .setUnderStoreRequests(storeRequests.sum())
                .setEvictedBytes(counted(EVICTED_BYTES))
                .setMovedBytes(counted(MOVED_BYTES))
                .build();
    }
}
