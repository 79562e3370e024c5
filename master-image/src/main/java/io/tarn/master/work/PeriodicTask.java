package io.tarn.master.work;

import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again, in one thread of its own, whatever happens. */
public final class PeriodicTask implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);
    private static final int CLOSE_SECONDS = 5;

    private final String name;
    private final Task task;
    private final ScheduledExecutorService thread;

    /** What is done. */
    public interface Task {
        void run() throws TarnException;
    }

    /** @param name of the thread, and of the task in the log */
    public PeriodicTask(String name, Task task) {
        this.name = name;
        this.task = task;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Begins now, and goes on with a pause after each time. */
    public void start(Duration pause) {
        thread.scheduleWithFixedDelay(this::runOnce, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void runOnce() {
        try {
            task.run();
        } catch (TarnException e) {
            LOG.warn("{} goes on in a moment: {}", name, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} failed, and goes on in a moment", name, e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
