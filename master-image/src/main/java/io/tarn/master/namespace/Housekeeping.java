package io.tarn.master.namespace;

import io.tarn.protocol.error.TarnException;

/** What has to be done now and then: end files whose writers are gone, copy what is on too few workers, reclaim what was deleted, carry on what was left half done. Safe for many threads. */
final class Housekeeping {
    private static final long RECOVERY_EVERY = 20;
    private static final int MAX_RECLAIM_STEPS = 1_000;

    private final Sealing sealing;
    private final Reclaimer reclaimer;
    private final Recovery recovery;
    private final Healing healing;
    private final KnownWorkers known;
    private long rounds;

    Housekeeping(Sealing sealing, Reclaimer reclaimer, Recovery recovery, Healing healing, KnownWorkers known) {
        this.sealing = sealing;
        this.reclaimer = reclaimer;
        this.recovery = recovery;
        this.healing = healing;
        this.known = known;
    }

    synchronized void round() throws TarnException {
        if (rounds++ % RECOVERY_EVERY == 0) {
            recovery.run();
            known.round();
        }
        sealing.round();
        healing.round();
        reclaim();
    }

    /** Takes apart what was deleted or replaced, and has the workers told. */
    synchronized void reclaim() throws TarnException {
        int steps = 0;
        while (steps < MAX_RECLAIM_STEPS && reclaimer.step()) {
            steps++;
        }
    }
}
