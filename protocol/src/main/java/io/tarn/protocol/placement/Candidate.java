package io.tarn.protocol.placement;

import io.tarn.protocol.v1.Member;

/** A worker that may be chosen. Its share of all that is placed is its capacity's share of all capacities; without capacity it is never chosen. */
public record Candidate(long workerId, long capacityBytes) {
    public Candidate {
        if (capacityBytes < 0) {
            throw new IllegalArgumentException("capacity of " + capacityBytes + " bytes");
        }
    }

    public static Candidate of(Member member) {
        return new Candidate(member.getAddress().getWorkerId(), member.getCapacityBytes());
    }
}
