package io.tarn.client.internal.call;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Repeats an asynchronous action until it succeeds, fails for good, or the deadline has passed; waits longer each time, with jitter, so that many clients
 * do not come back together. Thread-safe.
 */
public final class Retries implements AutoCloseable {
    private static final long FIRST_DELAY_MILLIS = 10;
    private static final long MAX_DELAY_MILLIS = 2_000;
    private static final long MAX_SEARCH_DELAY_MILLIS = 100;

    private final Transport transport;
    private final Counters counters;
    private final long deadlineNanos;
    private final Set<CompletableFuture<?>> outstanding = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Retries(Transport transport, Counters counters, Duration deadline) {
        this.transport = transport;
        this.counters = counters;
        this.deadlineNanos = deadline.toNanos();
    }

    /** Decides after each failure. */
    public interface Judge {
        /** Whether another try may help; may prepare it, and must not block. */
        boolean mayRetry(TarnException failure, int failures);
    }

    /** The outcome of the first try that succeeds, or of the last one. */
    public <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> action, Judge judge) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        outstanding.add(outcome);
        var unused = outcome.whenComplete((value, failure) -> outstanding.remove(outcome));
        if (closed) {
            outcome.completeExceptionally(clientClosed());
            return outcome;
        }
        attempt(new Run<>(action, judge, outcome, System.nanoTime() + deadlineNanos), 0);
        return outcome;
    }

    private <T> void attempt(Run<T> run, int failuresBefore) {
        counters.request();
        CompletableFuture<T> tried;
        try {
            tried = run.action.get();
        } catch (RuntimeException e) {
            tried = CompletableFuture.failedFuture(e);
        }
        var unused = tried.whenComplete((value, failure) -> {
            if (failure == null) {
                run.outcome.complete(value);
            } else {
                failed(run, Failures.of(failure), failuresBefore + 1);
            }
        });
    }

    private <T> void failed(Run<T> run, TarnException failure, int failures) {
        long delayMillis = delayMillis(failure, failures);
        boolean inTime = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis) < run.endNanos;
        if (!inTime || run.outcome.isDone() || !run.judge.mayRetry(failure, failures)) {
            run.outcome.completeExceptionally(failure);
            return;
        }
        counters.retry();
        transport.schedule(() -> attempt(run, failures), delayMillis, () -> run.outcome.completeExceptionally(failure));
    }

    /** Ends what is still tried: an event loop that has stopped tells nobody. */
    @Override
    public void close() {
        closed = true;
        outstanding.forEach(outcome -> outcome.completeExceptionally(clientClosed()));
    }

    private static TarnException clientClosed() {
        return new TarnException(ErrorCode.UNAVAILABLE, "the client was closed meanwhile");
    }

    private static long delayMillis(TarnException failure, int failures) {
        if (failure.retryAfterMillis() > 0) {
            return failure.retryAfterMillis() + jitter(failure.retryAfterMillis() / 4 + 1L);
        }
        // Another worker, or each of the masters, is asked each time: whoever answers next should not have to wait to
        // be found.
        boolean searching = failure.code() == ErrorCode.NOT_LEADER || failure.code() == ErrorCode.UNAVAILABLE;
        long longest = searching ? MAX_SEARCH_DELAY_MILLIS : MAX_DELAY_MILLIS;
        long bound = Math.min(longest, FIRST_DELAY_MILLIS << Math.min(failures - 1, 10));
        return bound / 2 + jitter(bound / 2 + 1);
    }

    private static long jitter(long bound) {
        return ThreadLocalRandom.current().nextLong(bound);
    }

    private record Run<T>(
            Supplier<CompletableFuture<T>> action, Judge judge, CompletableFuture<T> outcome, long endNanos) {}
}
