package io.tarn.testing.simulation;

import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread that does things at their times; only what Tarn asks of it. */
final class SimulatedScheduler extends SimulatedExecutor implements ScheduledExecutorService {
    /** Who asks for more than to have something done finds that it is missing here. */
    private static final @Nullable ScheduledFuture<?> UNUSED = null;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final Thread thread;
    private long numbers;

    /** @param periodNanos 0: once */
    private record Task(long dueNanos, long number, Runnable action, long periodNanos, boolean fromItsEnd)
            implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    SimulatedScheduler(ThreadFactory threads) {
        thread = threads.newThread(this::run);
        thread.start();
    }

    private void run() {
        while (!isShutdown() || hasWork()) {
            Task next = tasks.peek();
            long now = SimulatedTime.nanoTime();
            if (next == null) {
                LockSupport.park();
            } else if (next.dueNanos > now) {
                SimulatedTime.parkNanos(next.dueNanos - now);
            } else {
                tasks.poll();
                next.action.run();
                repeat(next);
            }
            Thread.interrupted();
        }
        end();
    }

    private boolean hasWork() {
        tasks.removeIf(task -> task.periodNanos > 0 || task.dueNanos > SimulatedTime.nanoTime());
        return !tasks.isEmpty();
    }

    private void repeat(Task task) {
        if (task.periodNanos > 0 && !isShutdown()) {
            long from = task.fromItsEnd ? SimulatedTime.nanoTime() : task.dueNanos;
            tasks.add(new Task(from + task.periodNanos, numbers++, task.action, task.periodNanos, task.fromItsEnd));
        }
    }

    private void add(Runnable action, long delayNanos, long periodNanos, boolean fromItsEnd) {
        if (!isShutdown()) {
            tasks.add(new Task(SimulatedTime.nanoTime() + delayNanos, numbers++, action, periodNanos, fromItsEnd));
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void execute(Runnable command) {
        add(command, 0, 0, false);
    }

    @Override
    public @Nullable ScheduledFuture<?> scheduleAtFixedRate(
            Runnable command, long initial, long period, TimeUnit unit) {
        add(command, unit.toNanos(initial), unit.toNanos(period), false);
        return UNUSED;
    }

    @Override
    public @Nullable ScheduledFuture<?> scheduleWithFixedDelay(
            Runnable command, long initial, long delay, TimeUnit unit) {
        add(command, unit.toNanos(initial), unit.toNanos(delay), true);
        return UNUSED;
    }

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        add(command, unit.toNanos(delay), 0, false);
        return UNUSED;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        shut();
        LockSupport.unpark(thread);
    }

    @Override
    public List<Runnable> shutdownNow() {
        tasks.clear();
        shutdown();
        thread.interrupt();
        return List.of();
    }
}
