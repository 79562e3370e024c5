package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.RequestFigures;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Sends requests of one mount: counts them, and turns the SDK's exceptions into Tarn's.
 *
 * <p>Safe for use by many threads.
 */
record S3Requests(
        S3StoreSettings settings, S3Client client, DoubtfulAttempts attempts, S3Errors errors, RequestFigures figures) {
    static final int PAGE_KEYS = 1_000;
    /** Names one upload, so that its outcome can be read back after a lost answer. */
    static final String UPLOAD_MARK = "tarn-upload";

    /** Runs one request of {@code kind} about {@code path}. */
    <T> T send(String kind, String path, Supplier<T> request) throws TarnException {
        figures.request(kind);
        try {
            return request.get();
        } catch (SdkException e) {
            throw errors.failure(path, e);
        }
    }

    /** What an object is, or empty where there is none under {@code key}. */
    Optional<HeadObjectResponse> head(String path, String key) throws TarnException {
        figures.request("head");
        try {
            return Optional.of(
                    client.headObject(head -> head.bucket(settings.bucket()).key(key)));
        } catch (AwsServiceException e) {
            // A HEAD has no body: the bucket's absence looks the same, and shows at the next listing.
            if (e.statusCode() == 404 && !S3Errors.code(e).equals("NoSuchBucket")) {
                return Optional.empty();
            }
            throw errors.failure(path, e);
        } catch (SdkException e) {
            throw errors.failure(path, e);
        }
    }

    /** One page of keys after {@code startAfter} that start with {@code prefix}, or the page that {@code token} leads to. */
    ListObjectsV2Response page(
            String path, String prefix, boolean flat, String startAfter, @Nullable String token, int keys)
            throws TarnException {
        return send(
                "list",
                path,
                () -> client.listObjectsV2(list -> list.bucket(settings.bucket())
                        .prefix(prefix)
                        .delimiter(flat ? null : "/")
                        .startAfter(token == null && !startAfter.isEmpty() ? startAfter : null)
                        .continuationToken(token)
                        .maxKeys(keys)
                        .encodingType(EncodingType.URL)));
    }

    /** Whether any key starts with {@code prefix}. */
    boolean anyBelow(String path, String prefix) throws TarnException {
        ListObjectsV2Response page = page(path, prefix, true, "", null, 1);
        return !page.contents().isEmpty();
    }

    /** A version tag is the entity tag without its quotes. */
    static String versionTag(@Nullable String entityTag) {
        return entityTag == null ? "" : entityTag.replace("\"", "");
    }

    /** The entity tag as conditions want it. */
    static String entityTag(String versionTag) {
        return "\"" + versionTag + "\"";
    }

    /** Whole seconds: HEAD knows no finer times, and all requests must agree on a file's. */
    static long millis(@Nullable Instant modified) {
        return modified == null ? 0 : modified.getEpochSecond() * 1_000;
    }

    /** Whether {@code cause} says that the request's condition did not hold. */
    static boolean conditionFailed(AwsServiceException cause) {
        return cause.statusCode() == 412
                || S3Errors.code(cause).toLowerCase(Locale.ROOT).equals("preconditionfailed");
    }
}
