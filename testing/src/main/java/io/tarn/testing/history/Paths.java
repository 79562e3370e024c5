package io.tarn.testing.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The paths that are worked on, a few at a time, each until it has as many operations as can be checked, and what happened to each. Safe for many threads. */
public final class Paths {
    private static final int AT_ONCE = 4;
    /** Below what the checker takes, for those under way and the last read. */
    private static final int MOST_OPERATIONS = 48;

    private static final int MOST_UNKNOWN = 10;

    private final List<Path> all = new ArrayList<>();
    private final List<Path> open = new ArrayList<>();
    private final Random random;
    private long lastValue;

    public Paths(Random random) {
        this.random = random;
    }

    /** One path and its history. Guarded by its paths. */
    public static final class Path {
        private final String name;
        private final List<Operation> history = new ArrayList<>();
        private int begun;
        private int unknown;

        private Path(String name) {
            this.name = name;
        }

        /** From the root on. */
        public String name() {
            return name;
        }
    }

    /** A path for one operation, which {@link #add} tells the outcome of. */
    public synchronized Path begin() {
        open.removeIf(path -> path.begun >= MOST_OPERATIONS || path.unknown >= MOST_UNKNOWN);
        while (open.size() < AT_ONCE) {
            Path added = new Path("/history-" + all.size());
            all.add(added);
            open.add(added);
        }
        Path chosen = open.get(random.nextInt(open.size()));
        chosen.begun++;
        return chosen;
    }

    /** One that nobody has written before. */
    public synchronized long newValue() {
        return ++lastValue;
    }

    /** What happened to a path that was begun. */
    public synchronized void add(Path path, Operation operation) {
        path.history.add(operation);
        if (operation.outcome() == Operation.Outcome.UNKNOWN) {
            path.unknown++;
        }
    }

    /** Also those that are not worked on any more. */
    public synchronized List<Path> all() {
        return List.copyOf(all);
    }

    /** @throws AssertionError with the history of a path that no single copy can have shown */
    public synchronized void check() {
        for (Path path : all) {
            if (!Linearizability.holds(path.history)) {
                StringBuilder text = new StringBuilder(path.name + " cannot have been one file:");
                path.history.forEach(operation -> text.append("\n  ").append(operation));
                throw new AssertionError(text.toString());
            }
        }
    }

    /** How much there is, for people. */
    public synchronized String figures() {
        long operations = all.stream().mapToLong(path -> path.history.size()).sum();
        long unknown = all.stream().mapToLong(path -> path.unknown).sum();
        return operations + " operations on " + all.size() + " paths, " + unknown + " of unknown outcome";
    }
}
