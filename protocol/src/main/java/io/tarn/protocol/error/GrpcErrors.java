package io.tarn.protocol.error;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tarn.protocol.v1.ErrorDetail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Carries {@link TarnException} over gRPC: a fitting status for everybody, and in the trailers the exact code for Tarn's own clients. Stateless. */
public final class GrpcErrors {
    /** The trailer that holds a serialized {@link ErrorDetail}. */
    public static final Metadata.Key<byte[]> DETAIL =
            Metadata.Key.of("tarn-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** Header fields are bounded; a longer message is cut. */
    private static final int MAX_MESSAGE_CHARACTERS = 1500;

    private GrpcErrors() {}

    /** What a server answers to a call that failed with {@code failure}; failures without a code become INTERNAL. */
    public static StatusRuntimeException encode(Throwable failure) {
        TarnException exception = unwrap(failure);
        if (exception == null) {
            exception = new TarnException(ErrorCode.INTERNAL, "an internal error; the server's log says more", failure);
        }
        String message = exception.getMessage() == null ? exception.code().name() : exception.getMessage();
        String text = message.length() <= MAX_MESSAGE_CHARACTERS
                ? message
                : message.substring(0, MAX_MESSAGE_CHARACTERS) + "...";
        ErrorDetail detail = ErrorDetail.newBuilder()
                .setCode(exception.code().number())
                .setMessage(text)
                .setRetryAfterMillis(exception.retryAfterMillis())
                .build();
        Metadata trailers = new Metadata();
        trailers.put(DETAIL, detail.toByteArray());
        return statusOf(exception.code()).withDescription(text).asRuntimeException(trailers);
    }

    /** What a failed call means to a client, whoever failed it: the server, a proxy on the way, or gRPC itself. */
    public static TarnException decode(Throwable failure) {
        TarnException known = unwrap(failure);
        if (known != null) {
            return known;
        }
        Throwable cause = innermostWrapped(failure);
        Metadata trailers = Status.trailersFromThrowable(cause);
        byte @Nullable [] bytes = trailers == null ? null : trailers.get(DETAIL);
        if (bytes != null) {
            try {
                ErrorDetail detail = ErrorDetail.parseFrom(bytes);
                return new TarnException(
                        ErrorCode.ofNumber(detail.getCode()),
                        detail.getMessage(),
                        cause,
                        Math.max(0, detail.getRetryAfterMillis()));
            } catch (InvalidProtocolBufferException e) {
                return new TarnException(ErrorCode.MALFORMED, "an error detail that cannot be parsed", e);
            }
        }
        Status status = Status.fromThrowable(cause);
        String description = status.getDescription();
        return new TarnException(
                codeOf(status), description == null ? status.getCode().name() : description, cause);
    }

    /** Whether a connection that broke is what ended a call; gRPC says UNKNOWN where it broke while the call was being sent. */
    public static boolean isBrokenConnection(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable TarnException unwrap(Throwable failure) {
        return innermostWrapped(failure) instanceof TarnException exception ? exception : null;
    }

    private static Throwable innermostWrapped(Throwable failure) {
        Throwable current = failure;
        while (current instanceof ExecutionException
                || current instanceof CompletionException
                || current instanceof UncheckedIOException) {
            Throwable cause = current.getCause();
            if (cause == null) {
                return current;
            }
            current = cause;
        }
        return current;
    }

    private static Status statusOf(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, NAME_TOO_LONG -> Status.INVALID_ARGUMENT;
            case NOT_FOUND, STORE_NOT_FOUND -> Status.NOT_FOUND;
            case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
            case NOT_A_DIRECTORY,
                    IS_A_DIRECTORY,
                    DIRECTORY_NOT_EMPTY,
                    READ_ONLY,
                    CROSS_MOUNT,
                    NO_STORE,
                    LEASE_CONFLICT,
                    LEASE_EXPIRED,
                    LINK_LOOP,
                    STORE_CHANGED,
                    STALE_EPOCH,
                    TICKET_EXPIRED -> Status.FAILED_PRECONDITION;
            case PERMISSION_DENIED, STORE_DENIED -> Status.PERMISSION_DENIED;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case UNSUPPORTED -> Status.UNIMPLEMENTED;
            case STORE_UNAVAILABLE, UNAVAILABLE, NOT_LEADER -> Status.UNAVAILABLE;
            case NO_SPACE, BUSY, TOO_LARGE, QUOTA_EXCEEDED -> Status.RESOURCE_EXHAUSTED;
            case TIMEOUT -> Status.DEADLINE_EXCEEDED;
            case OUTCOME_UNKNOWN -> Status.UNKNOWN;
            case CORRUPT -> Status.DATA_LOSS;
            case MALFORMED, INTERNAL -> Status.INTERNAL;
        };
    }

    /** For calls that some other party failed: only what is certain gets a sharp code. */
    private static ErrorCode codeOf(Status status) {
        if (isBrokenConnection(status)) {
            return ErrorCode.UNAVAILABLE;
        }
        return switch (status.getCode()) {
            case OK, UNKNOWN, ABORTED, DATA_LOSS, INTERNAL -> ErrorCode.INTERNAL;
            case CANCELLED, UNAVAILABLE -> ErrorCode.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> ErrorCode.TIMEOUT;
            case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> ErrorCode.INVALID_ARGUMENT;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case PERMISSION_DENIED -> ErrorCode.PERMISSION_DENIED;
            case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
            case RESOURCE_EXHAUSTED -> ErrorCode.TOO_LARGE;
            case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED;
        };
    }
}
