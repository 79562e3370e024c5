package io.tarn.client.internal.master;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tarn.client.internal.call.Failures;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.ErrorDetail;

/** Reads what a failed gRPC call says: Tarn's own detail in the trailers, else gRPC's status. */
final class CallFailures {
    private CallFailures() {}

    static TarnException of(Throwable failure, String master) {
        Metadata trailers = Status.trailersFromThrowable(failure);
        byte[] detail = trailers == null ? null : trailers.get(GrpcErrors.DETAIL);
        if (detail != null) {
            try {
                ErrorDetail parsed = ErrorDetail.parseFrom(detail);
                return new TarnException(
                        ErrorCode.ofNumber(parsed.getCode()),
                        parsed.getMessage(),
                        failure,
                        parsed.getRetryAfterMillis());
            } catch (InvalidProtocolBufferException e) {
                return new TarnException(ErrorCode.MALFORMED, "master " + master + " sent an unreadable error", e);
            }
        }
        Status status = Status.fromThrowable(failure);
        if (isUnanswered(status)) {
            return new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "no Tarn master answers at " + master + " (" + reason(status)
                            + "); check the address and that it runs",
                    failure);
        }
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                new TarnException(ErrorCode.TIMEOUT, "master " + master + " did not answer in time", failure);
            case RESOURCE_EXHAUSTED ->
                new TarnException(ErrorCode.TOO_LARGE, "master " + master + ": " + status.getDescription(), failure);
            case UNIMPLEMENTED ->
                new TarnException(
                        ErrorCode.UNSUPPORTED, "master " + master + " does not know this call; is it older?", failure);
            case UNKNOWN, INTERNAL ->
                new TarnException(
                        ErrorCode.INTERNAL, "call to master " + master + " failed: " + reason(status), failure);
            default -> Failures.of(failure);
        };
    }

    /** A master that stops cancels what it has not answered; the client cancels nothing. */
    private static boolean isUnanswered(Status status) {
        return status.getCode() == Status.Code.UNAVAILABLE
                || status.getCode() == Status.Code.CANCELLED
                || GrpcErrors.isBrokenConnection(status);
    }

    private static String reason(Status status) {
        Throwable cause = status.getCause();
        return cause != null && cause.getMessage() != null
                ? cause.getMessage()
                : String.valueOf(status.getDescription());
    }
}
