package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

/** Turns what the SDK throws into codes and into messages that say what to check. Immutable. */
final class S3Errors {
    private static final int RETRY_AFTER_MILLIS = 1_000;

    private final S3StoreSettings settings;

    S3Errors(S3StoreSettings settings) {
        this.settings = settings;
    }

    /** The URI of a path, for messages. */
    String describe(String path) {
        return settings.uri() + (path.isEmpty() ? "" : "/" + path);
    }

    TarnException failure(String path, SdkException cause) {
        if (cause instanceof AwsServiceException service) {
            return serviceFailure(path, service);
        }
        if (notSent(cause)) {
            return failure(
                    ErrorCode.STORE_UNAVAILABLE,
                    path,
                    "no connection to " + settings.server() + " (" + rootMessage(cause)
                            + "); check the endpoint, and that the server runs and can be reached from here",
                    cause);
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("load credentials") || message.contains("token file")) {
            return failure(
                    ErrorCode.STORE_DENIED,
                    path,
                    "no credentials were found; give access-key and secret-key, or check property \"credentials\"",
                    cause);
        }
        if (message.contains("Timeout waiting for connection") || message.contains("connection from the pool")) {
            return new TarnException(
                    ErrorCode.BUSY,
                    describe(path) + ": all " + settings.maxConnections()
                            + " connections are in use; raise max-connections",
                    cause,
                    RETRY_AFTER_MILLIS);
        }
        return failure(ErrorCode.STORE_UNAVAILABLE, path, rootMessage(cause), cause);
    }

    private TarnException serviceFailure(String path, AwsServiceException cause) {
        int status = cause.statusCode();
        String code = code(cause);
        if (cause instanceof StsException && status < 500 && status != 429) {
            return failure(
                    ErrorCode.STORE_DENIED,
                    path,
                    "the token service refuses to give credentials (" + code
                            + "); check role-arn, external-id or web-identity-token-file, and whom the role trusts",
                    cause);
        }
        String check = switch (code) {
            case "NoSuchBucket" -> "bucket " + settings.bucket() + " does not exist; check its name and the endpoint";
            case "InvalidAccessKeyId", "InvalidClientTokenId" ->
                "the server does not know this access key; check access-key and the endpoint";
            case "SignatureDoesNotMatch" -> "the secret key does not fit the access key; check secret-key";
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "ExpiredTokenException" ->
                "the session token has expired or is wrong; renew the credentials";
            case "RequestTimeTooSkewed" -> "this machine's clock and the server's differ too much; set the clock";
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException" ->
                "the bucket is in another region; check region and endpoint";
            case "QuotaExceeded" -> "the bucket's quota is used up";
            default -> "";
        };
        if (code.equals("NoSuchBucket")) {
            return failure(ErrorCode.STORE_NOT_FOUND, path, check, cause);
        }
        if (status == 429 || status == 503 || code.equals("SlowDown") || code.equals("RequestLimitExceeded")) {
            return new TarnException(
                    ErrorCode.BUSY,
                    describe(path) + ": " + settings.server() + " asks to slow down (" + code + " after "
                            + cause.numAttempts() + " attempts); try again later or set a request limit",
                    cause,
                    RETRY_AFTER_MILLIS);
        }
        if (code.equals("QuotaExceeded") || status == 507) {
            return failure(ErrorCode.NO_SPACE, path, check.isEmpty() ? "the store is full" : check, cause);
        }
        if (status == 412) {
            return changed(path, "it is another version now", cause);
        }
        if (status == 401 || status == 403 || !check.isEmpty()) {
            String why = check.isEmpty()
                    ? "access is denied (" + code + "); check that these credentials may list, read and write here"
                    : check;
            return failure(ErrorCode.STORE_DENIED, path, why, cause);
        }
        if (status == 404) {
            return failure(ErrorCode.STORE_NOT_FOUND, path, "not found (" + code + ")", cause);
        }
        ErrorCode kind = status >= 500 || status == 408 || status == 409
                ? ErrorCode.STORE_UNAVAILABLE
                : status == 501 ? ErrorCode.UNSUPPORTED : ErrorCode.INTERNAL;
        return failure(kind, path, settings.server() + " answers " + status + " " + code, cause);
    }

    TarnException changed(String path, String how, @Nullable Throwable cause) {
        return failure(ErrorCode.STORE_CHANGED, path, "changed in the store: " + how + "; open it again", cause);
    }

    TarnException failure(ErrorCode code, String path, String why, @Nullable Throwable cause) {
        return new TarnException(code, describe(path) + ": " + why, cause);
    }

    /** The error code that the server gave, or "" where the answer had no body (HEAD). */
    static String code(AwsServiceException cause) {
        AwsErrorDetails details = cause.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null ? "" : code;
    }

    /** Whether the request certainly never reached the server. */
    static boolean notSent(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String name = each.getClass().getSimpleName();
            if (each instanceof ConnectException
                    || each instanceof UnknownHostException
                    || each instanceof NoRouteToHostException
                    || name.equals("ConnectTimeoutException")) {
                return true;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
