package io.tarn.master.leader;

import io.tarn.protocol.error.TarnException;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Completes the futures of callers, away from the threads of the leader: what a caller hangs on its future may be slow, and delays at most the answers of
 * the same batch. Thread-safe.
 */
final class Answers {
    private final Executor executor;

    Answers(Executor executor) {
        this.executor = executor;
    }

    void answer(List<? extends PendingOperation<?, ?>> operations) {
        executor.execute(() -> operations.forEach(PendingOperation::answer));
    }

    void fail(List<? extends PendingOperation<?, ?>> operations, TarnException failure) {
        if (!operations.isEmpty()) {
            executor.execute(() -> operations.forEach(operation -> operation.fail(failure)));
        }
    }
}
