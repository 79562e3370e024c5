package io.tarn.master.rpc;

import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers calls: bounds how many are under way, measures them, and makes failures known to callers. Safe for many threads. */
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final int RETRY_AFTER_MILLIS = 100;

    private final Semaphore permits;
    private final BooleanSupplier leads;
    private final MeterRegistry meters;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /**
     * @param callers tells one kind of caller's figures from another's
     * @param leads asked before each answer is given: a master that leads no more keeps what it has found to itself
     */
    Calls(String callers, int maxCalls, BooleanSupplier leads, MeterRegistry meters) {
        this.permits = new Semaphore(maxCalls);
        this.leads = leads;
        this.meters = meters;
        meters.gauge(
                "tarn.master.rpc.running", Tags.of("callers", callers), permits, p -> maxCalls - p.availablePermits());
    }

    /** What a call asks the namespace; may fail at once. */
    interface Work<T> {
        CompletableFuture<T> start() throws TarnException;
    }

    /** Runs a call with one answer. */
    <T> void unary(String method, StreamObserver<T> observer, Work<T> work) {
        long startNanos = System.nanoTime();
        if (!permits.tryAcquire()) {
            observer.onError(GrpcErrors.encode(tooMany()));
            return;
        }
        CompletableFuture<T> answer;
        try {
            answer = work.start();
        } catch (TarnException | RuntimeException e) {
            end(method, startNanos);
            fail(method, observer, e);
            return;
        }
        answer.whenComplete((value, failure) -> {
            end(method, startNanos);
            if (!leads.getAsBoolean()) {
                fail(method, observer, leadsNoMore());
            } else if (failure != null) {
                fail(method, observer, failure);
            } else {
                observer.onNext(value);
                observer.onCompleted();
            }
        });
    }

    /** Before each message of a streaming call. @throws TarnException NOT_LEADER where no answer may be given any more */
    void requireLeading() throws TarnException {
        if (!leads.getAsBoolean()) {
            throw leadsNoMore();
        }
    }

    private static TarnException leadsNoMore() {
        return new TarnException(ErrorCode.NOT_LEADER, "this master leads no more: ask the others");
    }

    /** Takes the place of a streaming call; give it back with {@link #end}. */
    void begin() throws TarnException {
        if (!permits.tryAcquire()) {
            throw tooMany();
        }
    }

    void end(String method, long startNanos) {
        permits.release();
        timers.computeIfAbsent(method, this::timer).record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    /** Tells a caller, and, where it is Tarn's own fault, the log. */
    void fail(String method, StreamObserver<?> observer, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        ErrorCode code = cause instanceof TarnException known ? known.code() : ErrorCode.INTERNAL;
        if (code.kind() == ErrorCode.Kind.INTERNAL) {
            LOG.error("{} failed", method, cause);
        }
        Counter.builder("tarn.master.rpc.failures")
                .tag("method", method)
                .tag("code", code.name())
                .register(meters)
                .increment();
        try {
            observer.onError(GrpcErrors.encode(cause));
        } catch (IllegalStateException e) {
            LOG.debug("{}: the caller has gone", method);
        }
    }

    private Timer timer(String method) {
        return Timer.builder("tarn.master.rpc")
                .tag("method", method)
                .publishPercentileHistogram()
                .register(meters);
    }

    private static TarnException tooMany() {
        return new TarnException(
                ErrorCode.BUSY, "the master has too many calls under way; try again", null, RETRY_AFTER_MILLIS);
    }
}
