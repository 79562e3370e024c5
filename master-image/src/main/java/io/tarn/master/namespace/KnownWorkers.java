package io.tarn.master.namespace;

import io.tarn.master.record.KnownWorker;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.WorkerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Journals which workers belong to the cluster, so that a new leader knows whom to expect. Safe for many threads. */
final class KnownWorkers {
    private final NamespaceParts parts;
    private final Mutations mutations;
    private final Duration removal;

    /** @param removal after so long a silence a worker does not belong to the cluster any more */
    KnownWorkers(NamespaceParts parts, Mutations mutations, Duration removal) {
        this.parts = parts;
        this.mutations = mutations;
        this.removal = removal;
    }

    /** Completes when the worker is known. */
    CompletableFuture<Boolean> joined(WorkerAddress address) {
        long id = address.getWorkerId();
        String place = address.getHost() + ":" + address.getDataPort();
        if (isKnown(new NamespaceView(parts.store()), id, place)) {
            return CompletableFuture.completedFuture(true);
        }
        return parts.leader().submit((state, records) -> {
            if (!isKnown(new NamespaceView(state), id, place)) {
                records.accept(new Record.WorkerJoined(id, place, parts.clock().millis()));
            }
            return true;
        });
    }

    private static boolean isKnown(NamespaceView view, long id, String place) {
        KnownWorker known = view.worker(id);
        return known != null && known.place().equals(place);
    }

    /**
     * Lets a worker go, or keeps it after all.
     *
     * @return fails with NOT_FOUND where it does not belong to the cluster
     */
    CompletableFuture<Boolean> setLeaving(long workerId, boolean leaving) {
        CompletableFuture<Boolean> set = parts.leader().submit((state, records) -> {
            KnownWorker known = new NamespaceView(state).worker(workerId);
            if (known == null) {
                throw new TarnException(
                        ErrorCode.NOT_FOUND,
                        "worker " + Long.toHexString(workerId) + " does not belong to the cluster");
            }
            if (known.leaving() != leaving) {
                records.accept(new Record.WorkerLeaving(workerId, leaving));
            }
            return true;
        });
        return set.thenApply(done -> {
            tellLeaving();
            return done;
        });
    }

    /** Who is being let go, as the journal has it. */
    synchronized void tellLeaving() {
        NamespaceView view = new NamespaceView(parts.store());
        parts.workers()
                .useLeaving(view.workerIds().stream()
                        .filter(id -> {
                            KnownWorker known = view.worker(id);
                            return known != null && known.leaving();
                        })
                        .collect(Collectors.toSet()));
    }

    /** Looks for those that were away for too long. */
    void round() throws TarnException {
        List<Long> left = new NamespaceView(parts.store())
                .workerIds().stream().filter(this::isAwayForGood).toList();
        if (!left.isEmpty()) {
            mutations.step((view, records) -> {
                left.stream()
                        .filter(id -> view.worker(id) != null && isAwayForGood(id))
                        .forEach(id -> records.accept(new Record.WorkerLeft(id)));
                return true;
            });
        }
    }

    private boolean isAwayForGood(long workerId) {
        return parts.workers().silentMillis(workerId) > removal.toMillis();
    }
}
