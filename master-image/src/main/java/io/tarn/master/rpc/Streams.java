package io.tarn.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Streams answers as fast as their receivers take them, each call on a virtual thread: a slow receiver holds one message. Safe for many threads. */
final class Streams implements AutoCloseable {
    private final Calls calls;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("master-stream-", 0).factory());

    Streams(Calls calls) {
        this.calls = calls;
    }

    /** The answers of one call, in order. For one thread. */
    interface Source<T> extends AutoCloseable {
        /** The next message; null at the end. May wait for stores. */
        @Nullable
        T next() throws TarnException;

        @Override
        default void close() {}
    }

    /** Begins a call on its thread. */
    interface Opening<T> {
        Source<T> open() throws TarnException;
    }

    <T> void start(String method, ServerCallStreamObserver<T> observer, Opening<T> opening) {
        long startNanos = System.nanoTime();
        try {
            calls.begin();
        } catch (TarnException e) {
            calls.fail(method, observer, e);
            return;
        }
        Semaphore wake = new Semaphore(0);
        observer.setOnReadyHandler(wake::release);
        observer.setOnCancelHandler(wake::release);
        try {
            threads.execute(() -> stream(method, observer, opening, wake, startNanos));
        } catch (RejectedExecutionException e) {
            calls.end(method, startNanos);
            calls.fail(method, observer, new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping", e));
        }
    }

    private <T> void stream(
            String method, ServerCallStreamObserver<T> observer, Opening<T> opening, Semaphore wake, long startNanos) {
        try (Source<T> source = opening.open()) {
            for (T message = source.next(); message != null; message = source.next()) {
                while (!observer.isReady() && !observer.isCancelled()) {
                    wake.acquire();
                    wake.drainPermits();
                }
                if (observer.isCancelled()) {
                    return;
                }
                calls.requireLeading();
                observer.onNext(message);
            }
            observer.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            calls.fail(method, observer, new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping", e));
        } catch (TarnException | RuntimeException e) {
            calls.fail(method, observer, e);
        } finally {
            calls.end(method, startNanos);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
