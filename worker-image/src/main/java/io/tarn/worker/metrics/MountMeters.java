package io.tarn.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tarn.protocol.v1.CacheFigures;
import java.time.Duration;

/** The counters of one mount, looked up once per open file so that counting costs an addition. Safe for many threads. */
public final class MountMeters {
    private final WorkerMetrics totals;
    private final Source memory;
    private final Source disk;
    private final Source underStore;
    private final Counter storeRequests;
    private final Counter storeBytes;
    private final Counter storeFailures;
    private final Counter peerBytes;
    private final Counter writtenBytes;
    private final Timer fillLatency;

    MountMeters(WorkerMetrics totals, MeterRegistry registry, String mount) {
        this.totals = totals;
        memory = new Source(registry, mount, "mem");
        disk = new Source(registry, mount, "ssd");
        underStore = new Source(registry, mount, "under_store");
        storeRequests = counter(registry, "tarn.worker.under.store.requests", mount, "Ranged reads sent to the store");
        storeBytes = counter(registry, "tarn.worker.under.store.read.bytes", mount, "Bytes received from the store");
        storeFailures = counter(registry, "tarn.worker.under.store.failures", mount, "Ranged reads that failed");
        peerBytes = counter(registry, "tarn.worker.peer.read.bytes", mount, "Bytes received from other workers");
        writtenBytes = counter(registry, "tarn.worker.write.bytes", mount, "Bytes taken from writers");
        fillLatency = Timer.builder("tarn.worker.fill")
                .description("From the request for a page to its last byte")
                .tag("mount", mount)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String mount, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("mount", mount)
                .register(registry);
    }

    /** Bytes served from a tier ("MEM" or "SSD"). */
    public void hit(String tier, long bytes) {
        (tier.equals("SSD") ? disk : memory).count(bytes);
        totals.hit(bytes);
    }

    /** Bytes served of a page that came from the under store for this reader, or was on its way for another. */
    public void miss(long bytes) {
        underStore.count(bytes);
        totals.miss(bytes);
    }

    public void storeRequest() {
        storeRequests.increment();
        totals.storeRequest();
    }

    public void storeBytes(long bytes) {
        storeBytes.increment(bytes);
        totals.storeBytes(bytes);
    }

    public void peerBytes(long bytes) {
        peerBytes.increment(bytes);
    }

    public void storeFailure() {
        storeFailures.increment();
    }

    public void filled(long nanos) {
        fillLatency.record(Duration.ofNanos(nanos));
    }

    public void written(long bytes) {
        writtenBytes.increment(bytes);
    }

    /** Totals since the start: hits, misses, and what the store was asked for. */
    CacheFigures figures() {
        return CacheFigures.newBuilder()
                .setHitBytes((long) (memory.bytes.count() + disk.bytes.count()))
                .setHitRequests((long) (memory.requests.count() + disk.requests.count()))
                .setMissBytes((long) underStore.bytes.count())
                .setMissRequests((long) underStore.requests.count())
                .setUnderStoreReadBytes((long) storeBytes.count())
                .setUnderStoreRequests((long) storeRequests.count())
                .build();
    }

    /** Bytes and requests by where the bytes came from. */
    private static final class Source {
        private final Counter bytes;
        private final Counter requests;

        Source(MeterRegistry registry, String mount, String source) {
            bytes = Counter.builder("tarn.worker.read.bytes")
                    .description("Bytes served to readers, by where they came from")
                    .tags("source", source, "mount", mount)
                    .register(registry);
            requests = Counter.builder("tarn.worker.read.requests")
                    .description("Page pieces served to readers, by where they came from")
                    .tags("source", source, "mount", mount)
                    .register(registry);
        }

        void count(long served) {
            bytes.increment(served);
            requests.increment();
        }
    }
}
