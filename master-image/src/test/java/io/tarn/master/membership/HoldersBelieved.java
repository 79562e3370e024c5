package io.tarn.master.membership;

import io.tarn.protocol.id.FileVersion;
import io.tarn.testing.simulation.Replaces;

/** A defect: a worker that has come back is taken to hold what it held before. */
public final class HoldersBelieved {
    private HoldersBelieved() {}

    @Replaces(RegisteredWorker.class)
    public static boolean mayLack(RegisteredWorker worker, FileVersion version) {
        return false;
    }
}
