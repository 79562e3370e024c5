package io.tarn.master.work;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs tasks on virtual threads, so many at a time; the first failure stops the rest. Fed and finished by one thread. */
public final class BoundedTasks implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<@Nullable TarnException> failure = new AtomicReference<>();
    private final Semaphore permits;
    private final int atOnce;

    public BoundedTasks(int atOnce) {
        this.atOnce = atOnce;
        this.permits = new Semaphore(atOnce);
    }

    /** Work that may fail. */
    public interface Task {
        void run() throws TarnException;
    }

    /** Starts a task, waiting until there is room. */
    public void run(Task task) throws TarnException {
        acquire(1);
        if (failure.get() != null) {
            permits.release();
            finish();
        }
        threads.execute(() -> {
            try {
                task.run();
            } catch (TarnException e) {
                failure.compareAndSet(null, e);
            } catch (RuntimeException e) {
                failure.compareAndSet(null, new TarnException(ErrorCode.INTERNAL, "a task failed: " + e, e));
            } finally {
                permits.release();
            }
        });
    }

    /** Waits for all. */
    public void finish() throws TarnException {
        acquire(atOnce);
        permits.release(atOnce);
        TarnException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private void acquire(int count) throws TarnException {
        try {
            permits.acquire(count);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping; try again", e);
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
