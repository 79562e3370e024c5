package io.tarn.master.leader;

import io.tarn.master.state.StateReader;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The single writer of the namespace: one thread validates operations in the order of their arrival, batches their records, and one batch at a time goes
 * to the journal; when it is durable its changes are applied to the state store and the callers get their answers. Safe for many threads.
 *
 * @param <R> the type of the records
 */
public interface Leader<R> extends AutoCloseable {
    /**
     * Queues an operation.
     *
     * @return completes when its records are durable and applied; exceptionally with a {@link TarnException}: the validation's own,
     *     BUSY where too many wait, NOT_LEADER after this leader has stepped down, OUTCOME_UNKNOWN
     */
    <T> CompletableFuture<T> submit(Operation<R, T> operation);

    /** Committed state; hold {@code StateStore.readLock} around several reads that must fit together. */
    StateReader committed();

    /** The epoch in which this leader writes. */
    long epoch();

    @Override
    void close();

    /** Commits one record, which holds whatever the state is, and waits for that. */
    default void append(R record) throws TarnException {
        try {
            var unused = submit((state, records) -> {
                        records.accept(record);
                        return true;
                    })
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof TarnException failure
                    ? failure
                    : new TarnException(ErrorCode.INTERNAL, "a record could not be written", e);
        }
    }
}
