package io.tarn.master.leader;

import io.tarn.master.state.StateReader;
import io.tarn.protocol.error.TarnException;
import java.util.function.Consumer;

/**
 * A change of the namespace. Runs on the leader's thread: no I/O, no waiting.
 *
 * @param <R> the type of the records
 * @param <T> the answer
 */
public interface Operation<R, T> {
    /**
     * Checks the operation against committed state plus what is on its way, and emits the records that carry it out. Each record emitted is visible in
     * {@code state} at once. On an exception nothing of this operation happens.
     *
     * @return the answer, given to the caller once the records are committed
     */
    T validate(StateReader state, Consumer<R> records) throws TarnException;
}
