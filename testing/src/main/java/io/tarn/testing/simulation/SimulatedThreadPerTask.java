package io.tarn.testing.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/** A thread for each task; unlike the JDK's it interrupts them in the order in which they began. */
final class SimulatedThreadPerTask extends SimulatedExecutor {
    private final ThreadFactory threads;
    private final Set<Thread> running = new LinkedHashSet<>();

    SimulatedThreadPerTask(ThreadFactory threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        if (isShutdown()) {
            throw new RejectedExecutionException("shut down");
        }
        Thread thread = threads.newThread(() -> {
            try {
                task.run();
            } finally {
                running.remove(Thread.currentThread());
                endWhereDone();
            }
        });
        running.add(thread);
        thread.start();
    }

    private void endWhereDone() {
        if (isShutdown() && running.isEmpty()) {
            end();
        }
    }

    @Override
    public void shutdown() {
        shut();
        endWhereDone();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List.copyOf(running).forEach(Thread::interrupt);
        return List.of();
    }
}
