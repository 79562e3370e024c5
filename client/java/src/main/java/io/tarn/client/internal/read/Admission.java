package io.tarn.client.internal.read;

import io.tarn.client.ReadType;
import io.tarn.client.internal.data.Endpoint;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.OpenResponse;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ticket of one file version and the workers that take it. Asks the master again when the ticket has expired or no worker answers; never lets another
 * version in. Thread-safe.
 */
final class Admission {
    private static final int MAX_OTHERS = 3;

    private final ReadServices services;
    private final String path;
    private final FileVersionId version;
    private final ReadType readType;
    private final AtomicInteger preferred = new AtomicInteger();
    private volatile Granted granted;
    private CompletableFuture<?> renewal = CompletableFuture.completedFuture(null);

    Admission(ReadServices services, OpenResponse opened, ReadType readType) {
        this.services = services;
        this.path = opened.getStatus().getPath();
        this.version = opened.getStatus().getVersion();
        this.readType = readType;
        this.granted = grant(opened);
    }

    private record Granted(SignedTicket ticket, List<WorkerAddress> workers, List<Endpoint> endpoints) {}

    private Granted grant(OpenResponse opened) {
        List<Endpoint> endpoints = opened.getWorkersList().stream()
                .map(worker -> Endpoint.of(worker, services.unixSockets()))
                .sorted(Comparator.comparing(endpoint -> !endpoint.isUnixSocket()))
                .toList();
        return new Granted(opened.getTicket(), List.copyOf(opened.getWorkersList()), endpoints);
    }

    List<WorkerAddress> workers() {
        return granted.workers;
    }

    /** Who else may have pages of the file, those first that nobody has found slow. */
    List<Endpoint> others(Endpoint one) {
        return granted.endpoints.stream()
                .filter(endpoint -> endpoint.workerId() != one.workerId())
                .sorted(Comparator.comparing(services.hedges().slowWorkers()::contains))
                .limit(MAX_OTHERS)
                .toList();
    }

    boolean hasOthers() {
        return granted.endpoints.size() > 1;
    }

    OpenRead openCached() {
        return openRead().toBuilder().setCachedOnly(true).build();
    }

    OpenRead openRead() {
        return OpenRead.newBuilder()
                .setTicket(granted.ticket)
                .setReadType(
                        switch (readType) {
                            case CACHE_PROMOTE -> io.tarn.protocol.v1.ReadType.CACHE_PROMOTE;
                            case CACHE -> io.tarn.protocol.v1.ReadType.CACHE;
                            case NO_CACHE -> io.tarn.protocol.v1.ReadType.NO_CACHE;
                        })
                .build();
    }

    /** The worker to ask, once a renewal that is under way has ended. */
    CompletableFuture<Endpoint> endpoint() {
        CompletableFuture<?> current = renewal();
        return current.isDone() && !current.isCompletedExceptionally()
                ? choose()
                : current.thenCompose(done -> choose());
    }

    private CompletableFuture<Endpoint> choose() {
        List<Endpoint> endpoints = granted.endpoints;
        if (endpoints.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new TarnException(ErrorCode.UNAVAILABLE, "the master knows no worker that could serve " + path));
        }
        return CompletableFuture.completedFuture(endpoints.get(Math.floorMod(preferred.get(), endpoints.size())));
    }

    /** After a worker failed: the next one is asked, and when all have failed, the master. */
    void moveOn(int failures) {
        preferred.incrementAndGet();
        if (failures % Math.max(1, granted.endpoints.size()) == 0) {
            renew(false);
        }
    }

    /** Asks the master for a new ticket. @param expired whether there is no going on without it */
    synchronized void renew(boolean expired) {
        if (!renewal.isDone()) {
            return;
        }
        CompletableFuture<OpenResponse> opening;
        try {
            opening = services.namespace().open(path);
        } catch (TarnException e) {
            opening = CompletableFuture.failedFuture(e);
        }
        renewal = opening.handle((opened, failure) -> {
                    if (failure == null && opened.getStatus().getVersion().equals(version)) {
                        granted = grant(opened);
                        return CompletableFuture.completedFuture(null);
                    }
                    if (!expired) {
                        return CompletableFuture.completedFuture(null);
                    }
                    return CompletableFuture.failedFuture(
                            failure != null
                                    ? failure
                                    : new TarnException(
                                            ErrorCode.STORE_CHANGED,
                                            path + " was replaced while it was read; open it again"));
                })
                .thenCompose(outcome -> outcome);
    }

    private synchronized CompletableFuture<?> renewal() {
        return renewal;
    }
}
