package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/** Copies one object within the bucket, by one request or in parts, without its bytes passing through here. Used by one thread, once. */
final class S3Copy {
    private final S3Requests requests;
    private final S3Uploads uploads;
    private final String source;
    private final String sourceKey;
    private final String versionTag;
    private final String targetKey;

    S3Copy(
            S3Requests requests,
            S3Uploads uploads,
            String source,
            String sourceKey,
            String versionTag,
            String targetKey) {
        this.requests = requests;
        this.uploads = uploads;
        this.source = source;
        this.sourceKey = sourceKey;
        this.versionTag = versionTag;
        this.targetKey = targetKey;
    }

    void copy(long lengthBytes) throws TarnException {
        try {
            if (lengthBytes <= requests.settings().copyPartBytes()) {
                copyWhole();
            } else {
                copyParts(lengthBytes);
            }
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404 && S3Errors.code(e).equals("NoSuchKey")) {
                throw requests.errors().changed(source, "it is gone", e);
            }
            throw requests.errors().failure(source, e);
        } catch (SdkException e) {
            throw requests.errors().failure(source, e);
        }
    }

    private void copyWhole() {
        requests.figures().request("copy");
        requests.client()
                .copyObject(copy -> copy.sourceBucket(bucket())
                        .sourceKey(sourceKey)
                        .copySourceIfMatch(S3Requests.entityTag(versionTag))
                        .destinationBucket(bucket())
                        .destinationKey(targetKey));
    }

    private void copyParts(long lengthBytes) throws TarnException {
        requests.figures().request("copy");
        long noted = uploads.begin(targetKey);
        String uploadId = requests.client()
                .createMultipartUpload(create -> create.bucket(bucket()).key(targetKey))
                .uploadId();
        uploads.created(noted, targetKey, uploadId);
        boolean done = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            long partBytes = requests.settings().copyPartBytes();
            for (long offset = 0; offset < lengthBytes; offset += partBytes) {
                long last = Math.min(offset + partBytes, lengthBytes) - 1;
                parts.add(copyPart(uploadId, parts.size() + 1, offset, last));
            }
            requests.figures().request("copy");
            requests.client()
                    .completeMultipartUpload(complete -> complete.bucket(bucket())
                            .key(targetKey)
                            .uploadId(uploadId)
                            .multipartUpload(list -> list.parts(parts)));
            done = true;
        } finally {
            if (!done) {
                requests.client()
                        .abortMultipartUpload(
                                abort -> abort.bucket(bucket()).key(targetKey).uploadId(uploadId));
            }
            uploads.ended(noted);
        }
    }

    private CompletedPart copyPart(String uploadId, int number, long first, long last) {
        requests.figures().request("copy");
        UploadPartCopyResponse copied = requests.client()
                .uploadPartCopy(copy -> copy.sourceBucket(bucket())
                        .sourceKey(sourceKey)
                        .copySourceIfMatch(S3Requests.entityTag(versionTag))
                        .copySourceRange("bytes=" + first + "-" + last)
                        .destinationBucket(bucket())
                        .destinationKey(targetKey)
                        .uploadId(uploadId)
                        .partNumber(number));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(copied.copyPartResult().eTag())
                .build();
    }

    private String bucket() {
        return requests.settings().bucket();
    }
}
