package io.tarn.master.simulation;

import io.tarn.protocol.error.TarnException;
import io.tarn.testing.simulation.Simulation;

/** Which failures faults excuse: STORE_CHANGED, since a worker that stood still may bring a file to its store long after another one has. Stateless. */
final class Excuses {
    private Excuses() {}

    static void require(Simulation simulation, TarnException failure, String doing) {
        boolean excused = switch (failure.code()) {
            case UNAVAILABLE,
                    TIMEOUT,
                    OUTCOME_UNKNOWN,
                    NOT_LEADER,
                    BUSY,
                    LEASE_EXPIRED,
                    NO_SPACE,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    STORE_UNAVAILABLE,
                    STORE_CHANGED,
                    STALE_EPOCH -> true;
            default -> false;
        };
        if (!excused) {
            simulation.fail(
                    new AssertionError("no fault excuses that " + doing + " failed by " + failure.code(), failure));
        }
    }
}
