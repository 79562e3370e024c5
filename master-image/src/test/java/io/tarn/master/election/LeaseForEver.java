package io.tarn.master.election;

import io.tarn.testing.simulation.Replaces;

/** A defect: a leader whose lease has run out goes on. */
public final class LeaseForEver {
    private LeaseForEver() {}

    @Replaces(MemberLease.class)
    public static boolean isValid(MemberLease lease) {
        return true;
    }
}
