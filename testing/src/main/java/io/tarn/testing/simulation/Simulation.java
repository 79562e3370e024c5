package io.tarn.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the threads of several {@link SimulatedProcess processes} one after the other, in an order that a seed decides, and lets time pass when none of them can go on. Its
 * threads are virtual ones whose scheduler is this; they change places only where they wait. The same seed gives the same run, step by step, which {@link #trace} proves.
 *
 * <p>Code that runs in it is loaded by {@link SimulatedClasses}, so that its clocks, pauses, threads and chance are those of the simulation. For one thread.
 */
public final class Simulation {
    /** What one step costs: who runs for ever without waiting sees time pass. */
    private static final long STEP_NANOS = 1_000;

    private static final long PASS_NANOS = 20_000;

    private static final ThreadLocal<SimulatedProcess> CURRENT = new ThreadLocal<>();

    private final Random random;
    private final long maxSteps;
    private final List<Step> ready = new ArrayList<>();
    private final PriorityQueue<SimulatedTimer> timers = new PriorityQueue<>();
    private final Thread kernel = Thread.currentThread();
    private long nanos = 1;
    private long steps;
    private long created;
    private long trace = 1;
    private volatile @Nullable Throwable failure;

    /** The rest of a thread up to where it waits next. */
    record Step(SimulatedProcess process, Runnable action) {}

    /** @param maxSteps after which a run has failed: something in it never ends */
    public Simulation(long seed, long maxSteps) {
        this.random = new Random(seed);
        this.maxSteps = maxSteps;
    }

    /** The process of whoever runs at the moment. @throws IllegalStateException outside of any simulation */
    static SimulatedProcess current() {
        SimulatedProcess process = CURRENT.get();
        if (process == null) {
            throw new IllegalStateException(Thread.currentThread() + " is not part of a simulation");
        }
        return process;
    }

    static void enter(SimulatedProcess process) {
        CURRENT.set(process);
    }

    /** Decides everything that chance decides. */
    public Random random() {
        return random;
    }

    /** Since the simulation began. */
    public long nanos() {
        return nanos;
    }

    /** How much has been done. */
    public long steps() {
        return steps;
    }

    /** A digest of all steps so far, with their times. */
    public long trace() {
        return trace;
    }

    /** Tells one from another; grows. */
    long nextNumber() {
        return created++;
    }

    /** Ends the run. The first failure counts. */
    public void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Somebody did nothing for a moment, and did not wait. */
    void pass() {
        nanos += PASS_NANOS;
        if (++steps > maxSteps) {
            throw new AssertionError("a thread turns round for ever");
        }
    }

    /** Runs until a condition holds, which is looked at between steps. Rethrows what {@link #fail} was told as the cause of an AssertionError. */
    public void run(BooleanSupplier until) {
        while (!until.getAsBoolean()) {
            step();
            Throwable cause = failure;
            if (cause != null) {
                throw new AssertionError(
                        "after " + steps + " steps and " + nanos / 1_000_000 + " ms: " + cause.getMessage(), cause);
            }
        }
    }

    private void step() {
        if (++steps > maxSteps) {
            throw new AssertionError("not over after " + steps + " steps and " + nanos / 1_000_000 + " ms");
        }
        if (ready.isEmpty()) {
            fire();
            return;
        }
        int chosen = random.nextInt(ready.size());
        Step next = ready.get(chosen);
        Step last = ready.removeLast();
        if (chosen < ready.size()) {
            ready.set(chosen, last);
        }
        nanos += STEP_NANOS;
        trace = 31 * (31 * trace + next.process.name().hashCode()) + nanos;
        if (next.process.admits(next)) {
            next.action.run();
        }
    }

    private void fire() {
        SimulatedTimer timer = timers.poll();
        if (timer == null) {
            throw new AssertionError("all threads wait, and for nothing that will come");
        }
        nanos = Math.max(nanos, timer.dueNanos());
        timer.process().fire(timer);
    }

    /** Takes the next step of a thread. */
    void ready(SimulatedProcess process, Runnable action) {
        Thread caller = Thread.currentThread();
        if (caller != kernel && !caller.isVirtual()) {
            fail(new IllegalStateException("a thread of " + process.name() + " waited for a monitor that another one"
                    + " held while it waited: such code cannot be simulated, use a lock there"));
            return;
        }
        ready.add(new Step(process, action));
    }

    void add(SimulatedTimer timer) {
        timers.add(timer);
    }
}
