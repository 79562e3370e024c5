package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Deletes what lies under a prefix, a page of keys at a time. Used by one thread, once. */
final class S3Delete {
    private final S3Requests requests;
    private final String path;
    private final String prefix;

    S3Delete(S3Requests requests, String path, String prefix) {
        this.requests = requests;
        this.path = path;
        this.prefix = prefix;
    }

    /** Deletes the marker of an empty directory; false where there is none. */
    boolean marker() throws TarnException {
        List<S3Object> found = requests.page(path, prefix, true, "", null, 2).contents();
        if (found.stream().anyMatch(object -> !object.key().equals(prefix))) {
            throw requests.errors().failure(ErrorCode.DIRECTORY_NOT_EMPTY, path, "is not empty", null);
        }
        if (!found.isEmpty()) {
            requests.send(
                    "delete",
                    path,
                    () -> requests.client()
                            .deleteObject(delete ->
                                    delete.bucket(requests.settings().bucket()).key(prefix)));
        }
        return !found.isEmpty();
    }

    /** Deletes everything, with keys that the namespace cannot name; false where there is nothing. */
    boolean all() throws TarnException {
        boolean any = false;
        String token = null;
        do {
            ListObjectsV2Response page = requests.page(path, prefix, true, "", token, S3Requests.PAGE_KEYS);
            delete(page.contents());
            any |= !page.contents().isEmpty();
            token = next(page);
        } while (token != null);
        return any;
    }

    private static @Nullable String next(ListObjectsV2Response page) {
        return Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    }

    private void delete(List<S3Object> objects) throws TarnException {
        if (objects.isEmpty()) {
            return;
        }
        List<ObjectIdentifier> keys = objects.stream()
                .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                .toList();
        DeleteObjectsResponse answer = requests.send(
                "delete",
                path,
                () -> requests.client()
                        .deleteObjects(
                                delete -> delete.bucket(requests.settings().bucket())
                                        .delete(batch -> batch.objects(keys).quiet(true))));
        if (!answer.errors().isEmpty()) {
            S3Error first = answer.errors().getFirst();
            ErrorCode code = "AccessDenied".equals(first.code()) ? ErrorCode.STORE_DENIED : ErrorCode.STORE_UNAVAILABLE;
            throw requests.errors()
                    .failure(
                            code,
                            path,
                            answer.errors().size() + " objects could not be deleted, the first with " + first.code(),
                            null);
        }
    }
}
