package io.tarn.master.leader;

import io.tarn.protocol.error.TarnException;
import io.tarn.testing.simulation.Replaces;

/** A defect: a batch of which nobody knows whether it was appended counts as not appended. */
public final class UnknownTakenForRefused {
    private UnknownTakenForRefused() {}

    @Replaces(Failures.class)
    public static boolean isRejection(TarnException failure) {
        return true;
    }
}
