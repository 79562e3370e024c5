package io.tarn.worker.page.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** The figures of a page store. Thread-safe. */
final class PageStoreMetrics {
    private static final String PREFIX = "tarn_worker_";

    private final MeterRegistry registry;
    private final Counter corruptPages;
    private final Counter lostPages;
    private final Counter verifiedPages;
    private final Counter refusedPins;

    PageStoreMetrics(MeterRegistry registry) {
        this.registry = registry;
        corruptPages = Counter.builder(PREFIX + "corrupt_pages_total")
                .description("Pages whose bytes or index entry failed their check")
                .register(registry);
        lostPages = Counter.builder(PREFIX + "lost_pages_total")
                .description("Pages that failed their check and exist nowhere else: reading them gives CORRUPT")
                .register(registry);
        verifiedPages = Counter.builder(PREFIX + "verified_pages_total")
                .description("Pages checked after an unclean stop or before export")
                .register(registry);
        refusedPins = Counter.builder(PREFIX + "refused_pins_total")
                .description("Files that were to be pinned beyond worker.tiers.max-pinned-percent")
                .register(registry);
    }

    void refusedPin() {
        refusedPins.increment();
    }

    void corruptPage() {
        corruptPages.increment();
    }

    void lostPage() {
        lostPages.increment();
    }

    double corruptPages() {
        return corruptPages.count();
    }

    void verifiedPage() {
        verifiedPages.increment();
    }

    void evicted(String tier, long bytes) {
        registry.counter(PREFIX + "evicted_bytes_total", "tier", tier).increment(bytes);
    }

    void moved(String from, String to, long bytes) {
        registry.counter(PREFIX + "moved_bytes_total", "from", from, "to", to).increment(bytes);
    }

    void gauge(String name, String description, String tier, Supplier<Number> value) {
        Gauge.builder(PREFIX + name, value)
                .description(description)
                .tag("tier", tier)
                .register(registry);
    }

    /** What a mount with a quota has of the cache. */
    void mountGauge(String mount, Supplier<Number> value) {
        Gauge.builder(PREFIX + "mount_cached_bytes", value)
                .description("Bytes of cached pages and their indexes, of mounts with a quota")
                .tag("mount", mount)
                .register(registry);
    }

    void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(PREFIX + name, value).description(description).register(registry);
    }
}
