package io.tarn.master.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.tarn.master.namespace.Listing;
import io.tarn.master.namespace.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.ListRequest;
import io.tarn.protocol.v1.ListResponse;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Streams listings as fast as their receivers take them, each on a virtual thread: a slow receiver holds one page. Safe for many threads. */
final class ListStreams implements AutoCloseable {
    private final Namespace namespace;
    private final Calls calls;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("master-list-", 0).factory());

    ListStreams(Namespace namespace, Calls calls) {
        this.namespace = namespace;
        this.calls = calls;
    }

    void start(ListRequest request, ServerCallStreamObserver<ListResponse> observer) {
        long startNanos = System.nanoTime();
        try {
            calls.begin();
        } catch (TarnException e) {
            calls.fail("List", observer, e);
            return;
        }
        Semaphore wake = new Semaphore(0);
        observer.setOnReadyHandler(wake::release);
        observer.setOnCancelHandler(wake::release);
        try {
            threads.execute(() -> stream(request, observer, wake, startNanos));
        } catch (RejectedExecutionException e) {
            calls.end("List", startNanos);
            calls.fail("List", observer, new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping", e));
        }
    }

    private void stream(
            ListRequest request, ServerCallStreamObserver<ListResponse> observer, Semaphore wake, long startNanos) {
        try {
            Listing listing = namespace.list(request);
            for (List<FileStatus> page = listing.next(); !page.isEmpty(); page = listing.next()) {
                while (!observer.isReady() && !observer.isCancelled()) {
                    wake.acquire();
                    wake.drainPermits();
                }
                if (observer.isCancelled()) {
                    return;
                }
                observer.onNext(ListResponse.newBuilder().addAllEntries(page).build());
            }
            observer.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            calls.fail("List", observer, new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping", e));
        } catch (TarnException | RuntimeException e) {
            calls.fail("List", observer, e);
        } finally {
            calls.end("List", startNanos);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
