package io.tarn.testing.simulation;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Clocks, and waiting for a time. Called by rewritten code only. */
public final class SimulatedTime {
    private SimulatedTime() {}

    @Replaces(System.class)
    public static long nanoTime() {
        return Simulation.current().simulation().nanos();
    }

    @Replaces(System.class)
    public static long currentTimeMillis() {
        return Simulation.current().millis();
    }

    @Replaces(LockSupport.class)
    public static void parkNanos(long nanos) {
        Thread self = Thread.currentThread();
        SimulatedProcess process = Simulation.current();
        if (self.isInterrupted()) {
            process.simulation().pass();
            return;
        }
        SimulatedTimer timer = process.after(nanos, () -> LockSupport.unpark(self));
        LockSupport.park();
        timer.cancel();
    }

    @Replaces(Condition.class)
    public static long awaitNanos(Condition condition, long nanos) throws InterruptedException {
        long deadline = nanoTime() + nanos;
        TimedWait.interruptibly(nanos, condition::await);
        return deadline - nanoTime();
    }

    @Replaces(CountDownLatch.class)
    public static boolean await(CountDownLatch latch, long time, TimeUnit unit) throws InterruptedException {
        return TimedWait.interruptibly(unit.toNanos(time), latch::await);
    }

    @Replaces(BlockingQueue.class)
    public static @Nullable Object poll(BlockingQueue<?> queue, long time, TimeUnit unit) throws InterruptedException {
        Object[] taken = {queue.poll()};
        if (taken[0] == null && time > 0) {
            TimedWait.interruptibly(unit.toNanos(time), () -> taken[0] = queue.take());
        }
        return taken[0];
    }

    @Replaces(Thread.class)
    public static void join(Thread thread, long millis) throws InterruptedException {
        TimedWait.interruptibly(TimeUnit.MILLISECONDS.toNanos(millis), thread::join);
    }

    @Replaces(ExecutorService.class)
    public static boolean awaitTermination(ExecutorService executor, long time, TimeUnit unit)
            throws InterruptedException {
        return TimedWait.interruptibly(
                unit.toNanos(time), () -> executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
    }

    @Replaces(CompletableFuture.class)
    public static Object get(CompletableFuture<?> future, long time, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        Object[] value = new Object[1];
        try {
            if (!TimedWait.run(unit.toNanos(time), () -> value[0] = future.get())) {
                throw new TimeoutException();
            }
            return value[0];
        } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Replaces(CompletableFuture.class)
    public static CompletableFuture<?> orTimeout(CompletableFuture<?> future, long time, TimeUnit unit) {
        return within(future, time, unit, () -> future.completeExceptionally(new TimeoutException()));
    }

    @Replaces(CompletableFuture.class)
    public static <T> CompletableFuture<T> completeOnTimeout(
            CompletableFuture<T> future, T value, long time, TimeUnit unit) {
        return within(future, time, unit, () -> future.complete(value));
    }

    /** On a thread of its own, since what depends on the future may wait. */
    private static <T> CompletableFuture<T> within(
            CompletableFuture<T> future, long time, TimeUnit unit, Runnable atTimeout) {
        SimulatedProcess process = Simulation.current();
        SimulatedTimer timer = process.after(unit.toNanos(time), () -> {
            if (!future.isDone()) {
                process.start("timeout", atTimeout);
            }
        });
        future.whenComplete((value, failure) -> timer.cancel());
        return future;
    }
}
