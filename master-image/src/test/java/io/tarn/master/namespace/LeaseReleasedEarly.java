package io.tarn.master.namespace;

import io.tarn.testing.simulation.Replaces;

/** A defect: a writer's lease ends before what ends it is committed, which may never be. */
public final class LeaseReleasedEarly {
    private LeaseReleasedEarly() {}

    @Replaces(Leases.class)
    public static void release(Leases leases, long inodeId) {
        leases.seal(inodeId);
        leases.sealed(inodeId);
    }
}
