package io.tarn.master.work;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs what may wait for an under store, each in a virtual thread of its own, at most so many at a time. Safe for many threads. */
public final class StoreExecutor implements AutoCloseable {
    private static final int RETRY_AFTER_MILLIS = 200;
    private static final int CLOSE_SECONDS = 5;

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("namespace-store-", 0).factory());
    private final Semaphore permits;

    /** @param maxAtOnce tasks that may run or wait for a store at the same time */
    public StoreExecutor(int maxAtOnce) {
        permits = new Semaphore(maxAtOnce);
    }

    /** Fails with BUSY where too many wait already. */
    public <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (!permits.tryAcquire()) {
            result.completeExceptionally(new TarnException(
                    ErrorCode.BUSY, "too many calls wait for under stores; try again", null, RETRY_AFTER_MILLIS));
            return result;
        }
        try {
            threads.execute(() -> run(task, result));
        } catch (RejectedExecutionException e) {
            permits.release();
            result.completeExceptionally(
                    new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping; try again", e));
        }
        return result;
    }

    private <T> void run(Callable<T> task, CompletableFuture<T> result) {
        T value;
        try {
            value = task.call();
        } catch (Exception | StackOverflowError e) {
            permits.release();
            result.completeExceptionally(e);
            return;
        }
        permits.release();
        result.complete(value);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
