package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.List;

/**
 * Where a file that is begun may be. Immutable.
 *
 * @param workers that may hold it, the one to write to first
 * @param copies how many of them have to have it
 */
record WritePlaces(List<WorkerAddress> workers, int copies) {
    /** Beside those that are to hold the file: for when some of them take nothing. The answer is remembered, so it is kept small. */
    private static final int SPARE_WORKERS = 2;

    /**
     * Those that are as the directories above the file want; with them workers that have what the file begins with, where none of the others has.
     *
     * @throws TarnException UNAVAILABLE where none is as they want
     */
    static List<Taker> fitting(List<Taker> takers, Placement placement, List<Long> having, String path)
            throws TarnException {
        if (placement.workers().isAny()) {
            return takers;
        }
        List<Taker> fitting = takers.stream()
                .filter(taker -> placement.workers().matches(taker.labels()))
                .toList();
        if (fitting.isEmpty()) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "no worker with " + placement.workers() + " is up, where " + path
                            + " is to be written; start one with these worker.labels, or change it with \"tarn place\"",
                    null,
                    1000);
        }
        if (having.isEmpty() || fitting.stream().anyMatch(taker -> having.contains(taker.id()))) {
            return fitting;
        }
        return takers.stream()
                .filter(taker -> having.contains(taker.id()) || fitting.contains(taker))
                .toList();
    }

    /**
     * As many copies as are asked for, where so many workers are up.
     *
     * @param order who may take it, at least one
     * @throws TarnException UNAVAILABLE while workers have yet to report to a new leader
     */
    static WritePlaces of(NamespaceParts parts, List<Taker> order, WriteChoice choice) throws TarnException {
        int copies = choice.isThrough() ? 1 : copies(parts, order.size(), choice.placement());
        return new WritePlaces(
                order.stream().limit(copies + SPARE_WORKERS).map(Taker::address).toList(), copies);
    }

    private static int copies(NamespaceParts parts, int takers, Placement placement) throws TarnException {
        int wanted = Math.min(
                placement.copiesOr(parts.config().copies()),
                Math.max(1, parts.workers().expected(placement.workers())));
        if (wanted > takers) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "workers have yet to report to this master, which leads since a moment ago; try again",
                    null,
                    500);
        }
        return wanted;
    }

    List<Long> workerIds() {
        return workers.stream().map(WorkerAddress::getWorkerId).toList();
    }
}
