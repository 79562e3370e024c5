package io.tarn.master.leader;

import io.tarn.master.state.StateReader;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An operation on its way through the leader, and the future of its caller. Handed from thread to thread, used by one at a time. */
final class PendingOperation<R, T> {
    private final Operation<R, T> operation;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T answer;
    private @Nullable TarnException refusal;

    PendingOperation(Operation<R, T> operation) {
        this.operation = operation;
    }

    CompletableFuture<T> future() {
        return future;
    }

    void validate(StateReader state, Consumer<R> records) throws TarnException {
        answer = operation.validate(state, records);
    }

    /** Makes a failed validation the answer. */
    void refuse(TarnException failure) {
        refusal = failure;
    }

    @SuppressWarnings("NullAway") // an operation may answer null where T allows it
    void answer() {
        if (refusal == null) {
            future.complete(answer);
        } else {
            future.completeExceptionally(refusal);
        }
    }

    void fail(TarnException failure) {
        future.completeExceptionally(failure);
    }
}
