package io.tarn.master.simulation;

import io.tarn.testing.simulation.SimulatedProcess;
import io.tarn.testing.simulation.Simulation;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Carries messages from process to process: late, out of order, or not at all. */
final class SimulatedNetwork {
    private static final long USUAL_NANOS = TimeUnit.MICROSECONDS.toNanos(600);
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    /** After the sender has lost its lease, and another has won. */
    private static final long VERY_LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(3_500);

    /** Who waits for a connection that has broken is told. */
    private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private final Random random;
    private final Set<String> cut = new HashSet<>();
    private double loss;
    private double lateness = 0.01;

    SimulatedNetwork(Simulation simulation) {
        this.random = simulation.random();
    }

    /** Between two processes, by name, nothing arrives any more. */
    void cut(String one, String other) {
        cut.add(link(one, other));
    }

    void mend(String one, String other) {
        cut.remove(link(one, other));
    }

    /** How many of all messages are lost and late, as parts of one. */
    void disturb(double newLoss, double newLateness) {
        loss = newLoss;
        lateness = newLateness;
    }

    void calm() {
        cut.clear();
        disturb(0, 0.01);
    }

    private static String link(String one, String other) {
        return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
    }

    private boolean arrives(SimulatedProcess from, SimulatedProcess to) {
        return !cut.contains(link(from.name(), to.name())) && random.nextDouble() >= loss;
    }

    private long delayNanos() {
        long usual = 20_000 + random.nextLong(USUAL_NANOS);
        if (random.nextDouble() >= lateness) {
            return usual;
        }
        return usual + random.nextLong(random.nextInt(5) == 0 ? VERY_LATE_NANOS : LATE_NANOS);
    }

    /**
     * Brings a message, unless it is lost or the receiver is dead; then its sender is told, if it asks, some time later. Neither may wait.
     *
     * @param lost run in the sender's process
     */
    void send(SimulatedProcess from, SimulatedProcess to, Runnable arrival, Runnable lost) {
        if (!to.isAlive()) {
            from.after(delayNanos(), lost);
        } else if (arrives(from, to)) {
            to.after(delayNanos(), arrival);
        } else {
            from.after(NOTICED_NANOS, lost);
        }
    }
}
