package io.tarn.worker.pin;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.Ticket;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does in the page store what tickets and the master say of pins. Safe for many threads; may wait for a local disk. */
public final class Pins {
    private static final Logger log = LoggerFactory.getLogger(Pins.class);
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final PinnedFiles files;
    private final PageStore pages;
    private final AtomicLong nextWarningNanos = new AtomicLong(System.nanoTime());

    /** @param files which {@code pages} goes by too */
    public Pins(PinnedFiles files, PageStore pages) {
        this.files = files;
        this.pages = pages;
    }

    /** A file is opened. That a ticket says nothing of a pin lifts none: it may be older than the pin. */
    public void opened(Ticket ticket) {
        if (ticket.getPinned()) {
            pin(FileVersion.of(ticket.getVersion()), ticket.getBacking());
        }
    }

    /** What a ticket says that was made just now. @return what of it is cached and pinned, or why not */
    public Outcome told(Ticket ticket) {
        FileVersion version = FileVersion.of(ticket.getVersion());
        if (!ticket.getPinned()) {
            lift(version);
            return Outcome.NOTHING;
        }
        pin(version, ticket.getBacking());
        try (CachedFile file = pages.find(version)) {
            if (file == null) {
                return Outcome.NOTHING;
            }
            long bytes = file.residency().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            return file.pinned() ? new Outcome(bytes, false) : new Outcome(0, true);
        }
    }

    /** The under store has what only the cache had; to be called before its pages serve the new version. */
    public void persisted(FileVersion old, FileVersion persisted, Backing backing) {
        if (files.contains(old)) {
            files.add(persisted, backing);
            files.remove(old);
        }
    }

    /** A version is pinned no more. */
    void lift(FileVersion version) {
        files.remove(version);
        pages.pin(version, false);
    }

    private void pin(FileVersion version, Backing backing) {
        if (files.add(version, backing)) {
            pages.pin(version, true);
        } else {
            warnOfTooMany(version);
        }
    }

    private void warnOfTooMany(FileVersion version) {
        long now = System.nanoTime();
        long due = nextWarningNanos.get();
        if (now - due >= 0 && nextWarningNanos.compareAndSet(due, now + WARNING_NANOS)) {
            log.warn(
                    "{} is not pinned: this worker keeps {} pinned files at most; pin fewer",
                    version,
                    PinnedFiles.MOST);
        }
    }

    /**
     * What became of a pin on this worker.
     *
     * @param pinnedBytes cached and pinned
     * @param refused cached, but beyond what may be pinned
     */
    public record Outcome(long pinnedBytes, boolean refused) {
        static final Outcome NOTHING = new Outcome(0, false);
    }
}
