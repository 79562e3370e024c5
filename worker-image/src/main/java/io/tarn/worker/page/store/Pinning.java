package io.tarn.worker.page.store;

import io.tarn.protocol.id.FileVersion;
import io.tarn.worker.page.PinnedVersions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pins files within the bound: a share of the capacity of all directories. A file is pinned whole or not at all; one that outgrows the bound while its pages
 * come loses its pin, those that were there before keep theirs. Thread-safe.
 */
final class Pinning {
    private static final Logger LOG = LoggerFactory.getLogger(Pinning.class);
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final PinnedVersions wanted;
    private final int mostPercent;
    private final List<TierDirectory> directories;
    private final PageStoreMetrics metrics;
    private final AtomicLong nextWarningNanos = new AtomicLong(System.nanoTime());

    Pinning(PinnedVersions wanted, int mostPercent, List<TierDirectory> directories, PageStoreMetrics metrics) {
        this.wanted = wanted;
        this.mostPercent = mostPercent;
        this.directories = directories;
        this.metrics = metrics;
    }

    boolean isWanted(FileVersion version) {
        return wanted.contains(version);
    }

    void pin(StoredFile file) {
        long neededBytes = Math.max(file.lengthBytes(), file.presentBytes());
        if (file.isPinned()) {
            return;
        }
        if (pinnedBytes() + neededBytes <= mostBytes()) {
            file.setPinned(true);
        } else {
            refused(file);
        }
    }

    /** After a page of it has come. */
    void enforce(StoredFile file) {
        if (file.isPinned() && pinnedBytes() > mostBytes()) {
            file.setPinned(false);
            refused(file);
        }
    }

    private long pinnedBytes() {
        long bytes = 0;
        for (TierDirectory directory : directories) {
            bytes += directory.pinnedBytes().get();
        }
        return bytes;
    }

    private long mostBytes() {
        long bytes = 0;
        for (TierDirectory directory : directories) {
            bytes += directory.capacityBytes();
        }
        return bytes / 100 * mostPercent;
    }

    private void refused(StoredFile file) {
        metrics.refusedPin();
        long now = System.nanoTime();
        long due = nextWarningNanos.get();
        if (now - due >= 0 && nextWarningNanos.compareAndSet(due, now + WARNING_NANOS)) {
            LOG.warn(
                    "{} of {} bytes is not pinned: {} bytes are, and {} % of the capacity may be"
                            + " (worker.tiers.max-pinned-percent); unpin something, or add capacity",
                    file.version(), file.lengthBytes(), pinnedBytes(), mostPercent);
        }
    }
}
