package io.tarn.master.simulation;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.testing.history.Operation;
import io.tarn.testing.history.Operation.Kind;
import io.tarn.testing.history.Operation.Outcome;
import io.tarn.testing.history.Paths;
import io.tarn.testing.simulation.Simulation;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Files that all clients write, read and delete; what each saw is kept, to be checked at the end. A value is a length. */
final class SharedPaths {
    private final Simulation simulation;
    private final Paths paths;
    private final Random random;

    SharedPaths(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random();
        this.paths = new Paths(random);
    }

    void operate(SimulatedClient client, String name) {
        Paths.Path path = paths.begin();
        int kind = random.nextInt(10);
        Operation seen = kind < 4
                ? read(client, name, path.name())
                : kind < 7
                        ? write(client, name, path.name(), true)
                        : kind < 9 ? write(client, name, path.name(), false) : delete(client, name, path.name());
        if (seen != null) {
            paths.add(path, seen);
        }
    }

    private Operation seen(String client, Kind kind, long value, Outcome outcome, long startNanos) {
        return new Operation(client, kind, value, outcome, startNanos, simulation.nanos());
    }

    private @Nullable Operation read(SimulatedClient client, String name, String path) {
        long startNanos = simulation.nanos();
        try {
            OpenResponse opened = client.open(path);
            long value = opened == null ? Operation.ABSENT : opened.getStatus().getLengthBytes();
            return seen(name, Kind.READ, value, Outcome.DONE, startNanos);
        } catch (TarnException e) {
            Excuses.require(simulation, e, "reading " + path);
            return null;
        }
    }

    private @Nullable Operation write(SimulatedClient client, String name, String path, boolean overwrite) {
        Kind kind = overwrite ? Kind.WRITE : Kind.CREATE;
        long value = paths.newValue();
        long startNanos = simulation.nanos();
        try {
            client.write(path, value, overwrite);
            return seen(name, kind, value, Outcome.DONE, startNanos);
        } catch (TarnException e) {
            if (!overwrite && e.code() == ErrorCode.ALREADY_EXISTS) {
                return seen(name, kind, value, Outcome.REFUSED, startNanos);
            }
            if (e.code() == ErrorCode.LEASE_CONFLICT) {
                return null;
            }
            Excuses.require(simulation, e, "writing " + path);
            return Operation.unknown(name, kind, value, startNanos);
        }
    }

    private Operation delete(SimulatedClient client, String name, String path) {
        long startNanos = simulation.nanos();
        try {
            client.delete(path, false);
            return seen(name, Kind.DELETE, Operation.ABSENT, Outcome.DONE, startNanos);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return seen(name, Kind.DELETE, Operation.ABSENT, Outcome.REFUSED, startNanos);
            }
            Excuses.require(simulation, e, "deleting " + path);
            return Operation.unknown(name, Kind.DELETE, Operation.ABSENT, startNanos);
        }
    }

    /** NothingAcknowledgedLost, NothingTwice: reads all once more, and looks whether one copy of each file can have shown what was seen. */
    void check(SimulatedClient client) {
        for (Paths.Path path : paths.all()) {
            Operation last = read(client, "end", path.name());
            if (last == null) {
                throw new AssertionError(path.name() + " cannot be read at the end");
            }
            paths.add(path, last);
        }
        paths.check();
    }
}
