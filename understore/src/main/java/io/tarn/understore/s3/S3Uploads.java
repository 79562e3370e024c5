package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.UploadLog;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Notes multipart uploads in the process's log, and aborts those of earlier processes. An upload is noted by its key before it is created, with its id
 * afterwards: {@code <upload id or nothing> newline <key>}. Safe for many threads.
 */
final class S3Uploads {
    private final S3Requests requests;
    private final UploadLog log;

    S3Uploads(S3Requests requests, UploadLog log) {
        this.requests = requests;
        this.log = log;
    }

    long begin(String key) throws TarnException {
        return log.begin(requests.settings().uri(), "\n" + key, true);
    }

    void created(long number, String key, String uploadId) throws TarnException {
        log.change(number, uploadId + "\n" + key, true);
    }

    void ended(long number) {
        log.end(number);
    }

    void remove(String upload) throws TarnException {
        int separator = upload.indexOf('\n');
        if (separator < 0) {
            throw requests.errors().failure(ErrorCode.INVALID_ARGUMENT, "", "no upload is noted so: " + upload, null);
        }
        String key = upload.substring(separator + 1);
        if (separator == 0) {
            removeWithoutParts(key);
        } else {
            abort(key, upload.substring(0, separator));
        }
    }

    /** The process ended before it knew the upload's id, so before it sent a part: uploads with parts are somebody else's. */
    private void removeWithoutParts(String key) throws TarnException {
        var listing = requests.send(
                "list",
                key,
                () -> requests.client()
                        .listMultipartUploads(list ->
                                list.bucket(requests.settings().bucket()).prefix(key)));
        for (MultipartUpload found : listing.uploads()) {
            if (found.key().equals(key) && !hasParts(key, found.uploadId())) {
                abort(key, found.uploadId());
            }
        }
    }

    private boolean hasParts(String key, String uploadId) throws TarnException {
        return requests.send(
                        "list",
                        key,
                        () -> requests.client()
                                .listParts(
                                        list -> list.bucket(requests.settings().bucket())
                                                .key(key)
                                                .uploadId(uploadId)))
                .hasParts();
    }

    private void abort(String key, String uploadId) throws TarnException {
        requests.figures().request("delete");
        try {
            requests.client()
                    .abortMultipartUpload(abort ->
                            abort.bucket(requests.settings().bucket()).key(key).uploadId(uploadId));
        } catch (AwsServiceException e) {
            if (e.statusCode() != 404) {
                throw requests.errors().failure(key, e);
            }
        } catch (SdkException e) {
            throw requests.errors().failure(key, e);
        }
    }
}
