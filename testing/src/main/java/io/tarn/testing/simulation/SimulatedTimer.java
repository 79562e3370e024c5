package io.tarn.testing.simulation;

/** Something that happens at a time, unless it is cancelled. */
public final class SimulatedTimer implements Comparable<SimulatedTimer> {
    private final SimulatedProcess process;
    private final long dueNanos;
    private final long number;
    private final Runnable action;
    private boolean cancelled;

    SimulatedTimer(SimulatedProcess process, long dueNanos, long number, Runnable action) {
        this.process = process;
        this.dueNanos = dueNanos;
        this.number = number;
        this.action = action;
    }

    SimulatedProcess process() {
        return process;
    }

    long dueNanos() {
        return dueNanos;
    }

    void fire() {
        if (!cancelled) {
            action.run();
        }
    }

    /** It does not happen any more. */
    public void cancel() {
        cancelled = true;
    }

    @Override
    public int compareTo(SimulatedTimer other) {
        int byTime = Long.compare(dueNanos, other.dueNanos);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
}
