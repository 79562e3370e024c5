package io.tarn.master.namespace;

import io.tarn.testing.simulation.Replaces;

/** A defect: nobody looks for files that are on too few workers. */
public final class NoHealing {
    private NoHealing() {}

    @Replaces(Healing.class)
    public static void round(Healing healing) {}
}
