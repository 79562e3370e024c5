package io.tarn.testing.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A thread for each task; unlike the JDK's it interrupts them in the order in which they began. */
final class SimulatedThreadPerTask extends AbstractExecutorService {
    private final ThreadFactory threads;
    private final Set<Thread> running = new LinkedHashSet<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean shut;

    SimulatedThreadPerTask(ThreadFactory threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        if (shut) {
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
        if (shut && running.isEmpty()) {
            ended.countDown();
        }
    }

    @Override
    public void shutdown() {
        shut = true;
        endWhereDone();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List.copyOf(running).forEach(Thread::interrupt);
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shut;
    }

    @Override
    public boolean isTerminated() {
        return ended.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
        ended.await();
        return true;
    }
}
