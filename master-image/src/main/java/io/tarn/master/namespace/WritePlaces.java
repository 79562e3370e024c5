package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.WorkerSelector;
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
     * As many copies as are asked for, where so many workers are up.
     *
     * @param order who may take it, at least one
     * @param through a store has it when it is complete
     * @throws TarnException UNAVAILABLE while workers have yet to report to a new leader
     */
    static WritePlaces of(NamespaceParts parts, List<Taker> order, boolean through) throws TarnException {
        int copies = through ? 1 : copies(parts, order.size());
        return new WritePlaces(
                order.stream()
                        .limit(copies + SPARE_WORKERS)
                        .map(Taker::address)
                        .toList(),
                copies);
    }

    private static int copies(NamespaceParts parts, int takers) throws TarnException {
        int wanted =
                Math.min(parts.config().copies(), Math.max(1, parts.workers().expected(WorkerSelector.ANY)));
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
