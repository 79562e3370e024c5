package io.tarn.testing.simulation;

import io.tarn.testing.simulation.Simulation.Step;
import java.util.ArrayList;
import java.util.List;

/** Threads and timers that are killed together, stand still together, and share a clock. */
public final class SimulatedProcess {
    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final Simulation simulation;
    private final String name;
    private final List<Step> heldSteps = new ArrayList<>();
    private final List<SimulatedTimer> heldTimers = new ArrayList<>();
    private boolean alive = true;
    private boolean paused;
    private long clockOffsetMillis;

    public SimulatedProcess(Simulation simulation, String name) {
        this.simulation = simulation;
        this.name = name;
    }

    public Simulation simulation() {
        return simulation;
    }

    public String name() {
        return name;
    }

    public boolean isAlive() {
        return alive;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Starts a thread. An exception that it does not catch fails the simulation. */
    public void start(String threadName, Runnable task) {
        newThread(threadName, task).start();
    }

    Thread newThread(String threadName, Runnable task) {
        return VirtualThreads.create(next -> simulation.ready(this, next), name + "/" + threadName, () -> {
            Simulation.enter(this);
            try {
                task.run();
            } catch (Throwable e) {
                simulation.fail(new IllegalStateException(name + "/" + threadName + " ended by " + e, e));
            }
        });
    }

    /** Does something later, on no thread in particular: it may not wait. */
    public SimulatedTimer after(long delayNanos, Runnable action) {
        SimulatedTimer timer =
                new SimulatedTimer(this, simulation.nanos() + Math.max(0, delayNanos), simulation.nextNumber(), action);
        simulation.add(timer);
        return timer;
    }

    /** No thread of it takes another step, and nothing that it planned happens. */
    public void kill() {
        alive = false;
        heldSteps.clear();
        heldTimers.clear();
    }

    /** All of it stands still until {@link #resume}; time goes on. */
    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        if (alive) {
            heldSteps.forEach(step -> simulation.ready(this, step.action()));
            heldTimers.forEach(simulation::add);
        }
        heldSteps.clear();
        heldTimers.clear();
    }

    /** Its wall clock; a jump of it does not move {@link Simulation#nanos}. */
    public long millis() {
        return EPOCH_MILLIS + clockOffsetMillis + simulation.nanos() / 1_000_000;
    }

    public void jump(long millis) {
        clockOffsetMillis += millis;
    }

    /** Whether a step is to be taken now; one that is held is taken later. */
    boolean admits(Step step) {
        if (alive && paused) {
            heldSteps.add(step);
        }
        return alive && !paused;
    }

    void fire(SimulatedTimer timer) {
        if (!alive) {
            return;
        }
        if (paused) {
            heldTimers.add(timer);
            return;
        }
        Simulation.enter(this);
        timer.fire();
    }
}
