package io.tarn.client.internal.call;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The blocking face of the asynchronous core. */
public final class Waiting {
    private Waiting() {}

    /**
     * Waits for an outcome. The exception that it throws has the caller's stack and the original as its cause.
     *
     * @throws TarnException the failure; TIMEOUT with the thread's interrupt flag set when it was interrupted
     */
    public static <T> T on(CompletableFuture<T> outcome) throws TarnException {
        try {
            return outcome.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.TIMEOUT, "the calling thread was interrupted", e);
        } catch (ExecutionException e) {
            throw Failures.here(Failures.of(e));
        }
    }
}
