package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be done now and then: drop files whose writers are gone, reclaim what was deleted, carry on what was left half done. One thread. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long PERIOD_MILLIS = 500;
    private static final long RECOVERY_EVERY = 20;
    private static final int MAX_RECLAIM_STEPS = 100;
    private static final int CLOSE_SECONDS = 5;

    private final NamespaceParts parts;
    private final Mutations mutations;
    private final Reclaimer reclaimer;
    private final Recovery recovery;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("master-housekeeping").factory());
    private long rounds;

    Housekeeping(NamespaceParts parts, Mutations mutations, Reclaimer reclaimer, Recovery recovery) {
        this.parts = parts;
        this.mutations = mutations;
        this.reclaimer = reclaimer;
        this.recovery = recovery;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::round, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            if (rounds++ % RECOVERY_EVERY == 0) {
                recovery.run();
            }
            abandonExpired();
            for (int i = 0; i < MAX_RECLAIM_STEPS && reclaimer.step(); i++) {
                Thread.onSpinWait();
            }
        } catch (TarnException e) {
            LOG.warn("Housekeeping goes on in a moment: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Housekeeping failed, and goes on in a moment", e);
        }
    }

    private void abandonExpired() throws TarnException {
        for (long inodeId : parts.leases().expired()) {
            parts.leases().release(inodeId);
            mutations.step((view, records) -> {
                Inode inode = view.inode(inodeId);
                if (inode != null && !inode.complete() && view.pending(inode.parent(), inode.name()) != null) {
                    LOG.info("The writer of {} (inode {}) is silent; the file is dropped", inode.name(), inodeId);
                    records.accept(new Record.FileAbandoned(inodeId));
                }
                return true;
            });
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
