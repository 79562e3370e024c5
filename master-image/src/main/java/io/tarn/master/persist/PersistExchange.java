package io.tarn.master.persist;

import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.ExchangePersistsResponse;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/**
 * Orders to workers about persists, and their reports, over calls that the workers make. Soft state: a worker that restarts, and a master that does, begin
 * anew. Safe for many threads. Bounded by the persists that the master has under way.
 */
public final class PersistExchange {
    private static final long POLL_MILLIS = 1_000;

    private final Map<Long, WorkerOrders> workers = new ConcurrentHashMap<>();
    private final long epoch;

    public PersistExchange(long epoch) {
        this.epoch = epoch;
    }

    /**
     * Tells a worker to do one step of a persist.
     *
     * @return what it reports; fails with UNAVAILABLE where it has restarted or is gone, so that nobody knows how far it came
     */
    public CompletableFuture<PersistReport> order(long workerId, PersistOrder order) {
        return of(workerId).order(order);
    }

    /** A persist is over; the worker is to leave nothing of it behind unless it has been committed. */
    public void end(long workerId, long persistId, boolean committed) {
        of(workerId).end(persistId, committed);
    }

    /** A worker's call: takes its reports and gives it orders, at once where it brings reports or orders wait, else within a second. */
    public CompletableFuture<ExchangePersistsResponse> exchange(ExchangePersistsRequest request) {
        WorkerOrders worker = of(request.getWorkerId());
        worker.take(request);
        CompletableFuture<Boolean> ready = request.getReportsCount() > 0
                ? CompletableFuture.completedFuture(true)
                : worker.awaitOrders().completeOnTimeout(false, POLL_MILLIS, TimeUnit.MILLISECONDS);
        return ready.thenApply(any -> ExchangePersistsResponse.newBuilder()
                .setEpoch(epoch)
                .addAllOrders(worker.toSend())
                .build());
    }

    /** Gives up what workers were ordered that are down. */
    public void failDead(LongPredicate isAlive) {
        workers.forEach((workerId, worker) -> {
            if (!isAlive.test(workerId)) {
                worker.failAll("the worker is down");
            }
        });
    }

    private WorkerOrders of(long workerId) {
        return workers.computeIfAbsent(workerId, id -> new WorkerOrders());
    }
}
