package io.tarn.worker.scrub;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageCondition;
import io.tarn.worker.page.PageStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks all cached pages, cycle after cycle, and compares them with their checksums; first, as fast as allowed, those that an unclean stop has left
 * unchecked. Runs on a thread of its own, which never waits for the network; bad pages with a source are dropped, to be fetched again on demand.
 */
public final class Scrubber implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Scrubber.class);

    /** Below this a cycle is not slowed down further. */
    private static final long SLOWEST_BYTES_PER_SECOND = 1 << 20;

    /** A cycle is planned to be done before its time is over, since data comes and goes. */
    private static final double AHEAD = 1.25;

    private final PageStore pages;
    private final ScrubSettings settings;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Counter checkedBytes;
    private final Counter badPages;
    private final Counter cycles;
    private final Thread thread;

    private Scrubber(PageStore pages, ScrubSettings settings, MeterRegistry registry) {
        this.pages = pages;
        this.settings = settings;
        checkedBytes = Counter.builder("tarn.worker.scrub.checked.bytes")
                .description("Bytes of pages that the scrubber has compared with their checksums")
                .register(registry);
        badPages = Counter.builder("tarn.worker.scrub.bad.pages")
                .description("Pages that the scrubber found damaged")
                .register(registry);
        cycles = Counter.builder("tarn.worker.scrub.cycles")
                .description("Walks of the scrubber over all pages")
                .register(registry);
        thread = Thread.ofPlatform().name("scrubber").daemon().unstarted(this::run);
    }

    /** Begins to walk; does nothing at a rate of 0. */
    public static Scrubber start(PageStore pages, ScrubSettings settings, MeterRegistry registry) {
        Scrubber scrubber = new Scrubber(pages, settings, registry);
        if (settings.bytesPerSecond().bytes() > 0) {
            scrubber.thread.start();
        }
        return scrubber;
    }

    private void run() {
        long fastest = settings.bytesPerSecond().bytes();
        long restNanos = walkSafely(true, fastest) < 0 ? -1 : 0;
        while (restNanos >= 0 && !rest(restNanos)) {
            long heldBytes =
                    pages.usage().stream().mapToLong(TierUsage::getUsedBytes).sum();
            long tookNanos = walkSafely(false, spread(heldBytes, settings.cycle(), fastest));
            if (tookNanos < 0) {
                return;
            }
            cycles.increment();
            restNanos = settings.cycle().toNanos() - tookNanos;
            if (restNanos < 0) {
                log.warn(
                        "checking all cached pages took {} s, longer than worker.scrub.cycle: raise worker.scrub.rate",
                        TimeUnit.NANOSECONDS.toSeconds(tookNanos));
                restNanos = 0;
            }
        }
    }

    /** The rate at which a cycle is done in time. */
    static long spread(long heldBytes, Duration cycle, long fastestBytesPerSecond) {
        long wanted = (long) (heldBytes * AHEAD / Math.max(1, cycle.toSeconds()));
        return Math.min(fastestBytesPerSecond, Math.max(SLOWEST_BYTES_PER_SECOND, wanted));
    }

    private long walkSafely(boolean uncheckedOnly, long bytesPerSecond) {
        long start = System.nanoTime();
        try {
            return walk(uncheckedOnly, bytesPerSecond) ? System.nanoTime() - start : -1;
        } catch (RuntimeException e) {
            log.error("a walk over the cached pages failed; the next cycle tries again", e);
            return System.nanoTime() - start;
        }
    }

    /** @return false where it was stopped */
    private boolean walk(boolean uncheckedOnly, long bytesPerSecond) {
        ScrubPace pace = new ScrubPace(bytesPerSecond, stopped);
        for (FileVersion version : pages.versions()) {
            try (CachedFile file = pages.find(version)) {
                if (file != null) {
                    file.scrub(uncheckedOnly, (page, lengthBytes, condition) -> {
                        checkedBytes.increment(lengthBytes);
                        if (condition != PageCondition.WHOLE) {
                            badPages.increment();
                        }
                        return pace.read(lengthBytes);
                    });
                }
            }
            if (stopped.getCount() == 0) {
                return false;
            }
        }
        return true;
    }

    /** True where it was stopped meanwhile. */
    private boolean rest(long nanos) {
        try {
            return stopped.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
