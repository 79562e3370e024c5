package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.TarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be done now and then: drop files whose writers are gone, reclaim what was deleted, carry on what was left half done. Used by one thread. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long RECOVERY_EVERY = 20;
    private static final int MAX_RECLAIM_STEPS = 1_000;

    private final NamespaceParts parts;
    private final Mutations mutations;
    private final Reclaimer reclaimer;
    private final Recovery recovery;
    private long rounds;

    Housekeeping(NamespaceParts parts, Mutations mutations, Reclaimer reclaimer, Recovery recovery) {
        this.parts = parts;
        this.mutations = mutations;
        this.reclaimer = reclaimer;
        this.recovery = recovery;
    }

    void round() throws TarnException {
        if (rounds++ % RECOVERY_EVERY == 0) {
            recovery.run();
        }
        abandonExpired();
        int steps = 0;
        while (steps < MAX_RECLAIM_STEPS && reclaimer.step()) {
            steps++;
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
}
