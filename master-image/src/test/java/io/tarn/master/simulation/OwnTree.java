package io.tarn.master.simulation;

import io.tarn.master.namespace.TreeModel;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.protocol.v1.Persistence;
import io.tarn.testing.simulation.SimulatedLog;
import io.tarn.testing.simulation.Simulation;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Directories and files below one that a single client uses, against a model: makes, writes, renames, deletes, and says which worker is to have none of them. Where an outcome stays unknown, it may come
 * late, and another tree is begun.
 */
final class OwnTree {
    private final Simulation simulation;
    private final SimulatedClient client;
    private final String top;
    private final Random random;
    private final TreeModel model;
    private boolean begun;
    private boolean unknown;
    /** The worker that is to have nothing of it; 0: none. */
    private long without;

    /** What a change does to a model; false where it is refused. */
    private interface Expectation {
        boolean on(TreeModel model);
    }

    private interface Change {
        void run() throws TarnException;
    }

    OwnTree(Simulation simulation, SimulatedClient client, String top) {
        this.simulation = simulation;
        this.client = client;
        this.top = top;
        this.random = simulation.random();
        this.model = new TreeModel(List.of());
    }

    /** Whether another one is to be begun. */
    boolean isUnknown() {
        return unknown;
    }

    private String path() {
        StringBuilder path = new StringBuilder(top);
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            path.append('/').append("ab".charAt(random.nextInt(2)));
        }
        return path.toString();
    }

    void operate(long value) {
        if (!begun) {
            begun = true;
            change("mkdir " + top, m -> m.mkdir(top, true), () -> client.makeDirectory(top, true));
            return;
        }
        if (random.nextInt(8) == 0) {
            long next = random.nextInt(SimulatedCluster.WORKERS + 1);
            String workers = next == 0 ? "any" : "number!=" + next;
            change("place " + top + " on " + workers, m -> true, () -> client.place(top, workers));
            without = next;
            return;
        }
        String path = path();
        String target = path();
        boolean flag = random.nextBoolean();
        switch (random.nextInt(8)) {
            case 0, 1 -> change("mkdir " + path, m -> m.mkdir(path, flag), () -> client.makeDirectory(path, flag));
            case 2, 3, 4 ->
                change("write " + path, m -> m.write(path, (int) value), () -> client.write(path, value, true));
            case 5 -> change("delete " + path, m -> m.delete(path, flag), () -> client.delete(path, flag));
            default ->
                change(
                        "rename " + path + " to " + target,
                        m -> m.rename(path, target, flag),
                        () -> client.rename(path, target, flag));
        }
    }

    private void change(String doing, Expectation expected, Change change) {
        if (unknown) {
            return;
        }
        TreeModel after = model.copy();
        boolean possible = expected.on(after);
        SimulatedLog.line("begins: " + doing);
        TarnException failure = attempt(change);
        SimulatedLog.line(doing + ": " + (failure == null ? "done" : failure.code() + " " + failure.getMessage()));
        if (failure == null) {
            require(possible, doing + " succeeded");
            model.become(after);
            return;
        }
        switch (failure.code()) {
            case NOT_FOUND, ALREADY_EXISTS, NOT_A_DIRECTORY, IS_A_DIRECTORY, DIRECTORY_NOT_EMPTY, INVALID_ARGUMENT ->
                require(!possible, doing + " failed by " + failure.code() + ": " + failure.getMessage());
            default -> {
                if (failure.code() != ErrorCode.LEASE_CONFLICT) {
                    Excuses.require(simulation, failure, doing);
                }
                unknown = true;
            }
        }
    }

    private static @Nullable TarnException attempt(Change change) {
        try {
            change.run();
            return null;
        } catch (TarnException e) {
            return e;
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            simulation.fail(new AssertionError("NothingAcknowledgedLost, NothingTwice: " + what + ", and below " + top
                    + " is " + model.entries()));
        }
    }

    /** PlacedAsSaid: a file that only workers hold, and one of them is not to; null where there is none. */
    @Nullable
    String misplaced() throws TarnException {
        if (unknown || without == 0) {
            return null;
        }
        for (Map.Entry<String, Integer> entry : model.entries().entrySet()) {
            OpenResponse opened = entry.getValue() > 0 ? client.open(entry.getKey()) : null;
            boolean misplaced = opened != null
                    && opened.getStatus().getPersistence() == Persistence.OWNED
                    && opened.getWorkersList().stream().anyMatch(worker -> worker.getWorkerId() == without);
            if (misplaced) {
                return entry.getKey() + " on worker " + without;
            }
        }
        return null;
    }

    /** Every file that should be there is, with its length. */
    void check() {
        if (unknown) {
            return;
        }
        for (Map.Entry<String, Integer> entry : model.entries().entrySet()) {
            if (entry.getValue() >= 0) {
                try {
                    OpenResponse opened = client.open(entry.getKey());
                    require(
                            opened != null && opened.getStatus().getLengthBytes() == entry.getValue(),
                            entry.getKey() + " should have " + entry.getValue() + " bytes, and is "
                                    + (opened == null
                                            ? "not there"
                                            : opened.getStatus().getLengthBytes() + " long"));
                } catch (TarnException e) {
                    require(false, entry.getKey() + " cannot be opened at the end: " + e);
                }
            }
        }
    }
}
