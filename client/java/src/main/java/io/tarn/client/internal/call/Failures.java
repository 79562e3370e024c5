package io.tarn.client.internal.call;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns whatever went wrong into a {@link TarnException}. */
public final class Failures {
    private Failures() {}

    /** The failure itself where it is Tarn's; connection trouble as UNAVAILABLE; all else as INTERNAL. */
    public static TarnException of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TarnException known) {
            return known;
        }
        ErrorCode code = cause instanceof IOException ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
        return new TarnException(code, String.valueOf(cause.getMessage()), cause);
    }

    /** The same failure with the present stack, and the original as its cause. */
    public static TarnException here(TarnException failure) {
        return new TarnException(
                failure.code(), String.valueOf(failure.getMessage()), failure, failure.retryAfterMillis());
    }

    /** Whether the same request may succeed a little later. */
    public static boolean isTransient(TarnException failure) {
        return switch (failure.code()) {
            case UNAVAILABLE, NOT_LEADER, STALE_EPOCH, BUSY, TIMEOUT -> true;
            default -> false;
        };
    }
}
