package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The one request that makes an object visible, its condition, and what to believe where its answer is lost. Used by one thread, once. */
final class S3Commit {
    private static final String ANY = "*";

    private final S3Requests requests;
    private final String path;
    private final String key;
    private final String mark;
    private final CreateOptions options;

    S3Commit(S3Requests requests, String path, String key, String mark, CreateOptions options) {
        this.requests = requests;
        this.path = path;
        this.key = key;
        this.mark = mark;
        this.options = options;
    }

    /** Where the server knows no conditions, looks just before: better than not at all, and said so in the capabilities. */
    void checkFirst() throws TarnException {
        if (requests.settings().conditionalWrites() || !conditional()) {
            return;
        }
        Optional<HeadObjectResponse> there = requests.head(path, key);
        String version = options.onlyIfVersion();
        boolean holds = version == null
                ? there.isEmpty()
                : there.map(head -> S3Requests.versionTag(head.eTag()).equals(version))
                        .orElse(false);
        if (!holds) {
            throw refused(null);
        }
    }

    private boolean conditional() {
        return options.onlyIfAbsent() || options.onlyIfVersion() != null;
    }

    private @Nullable String ifNoneMatch() {
        return requests.settings().conditionalWrites() && options.onlyIfAbsent() ? ANY : null;
    }

    private @Nullable String ifMatch() {
        String version = options.onlyIfVersion();
        return requests.settings().conditionalWrites() && version != null ? S3Requests.entityTag(version) : null;
    }

    /** Writes a small object by one request; returns its entity tag. */
    String put(PartBuffer content) throws TarnException {
        String entityTag = commit(
                () -> requests.client()
                        .putObject(
                                put -> put.bucket(requests.settings().bucket())
                                        .key(key)
                                        .ifNoneMatch(ifNoneMatch())
                                        .ifMatch(ifMatch())
                                        .metadata(Map.of(S3Requests.UPLOAD_MARK, mark))
                                        .contentLength((long) content.length()),
                                MultipartUpload.body(content))
                        .eTag(),
                null);
        requests.figures().bytes("put", content.length());
        return entityTag;
    }

    /** Makes one object of the parts; returns its entity tag. */
    String complete(MultipartUpload upload, List<CompletedPart> parts) throws TarnException {
        return commit(
                () -> requests.client()
                        .completeMultipartUpload(
                                complete -> complete.bucket(requests.settings().bucket())
                                        .key(key)
                                        .uploadId(upload.uploadId())
                                        .ifNoneMatch(ifNoneMatch())
                                        .ifMatch(ifMatch())
                                        .multipartUpload(list -> list.parts(parts)))
                        .eTag(),
                upload);
    }

    private String commit(Supplier<String> request, @Nullable MultipartUpload upload) throws TarnException {
        requests.figures().request("put");
        requests.attempts().reset();
        try {
            return request.get();
        } catch (AwsServiceException e) {
            return settleAnswer(e, requests.attempts().any(), upload);
        } catch (SdkException e) {
            if (!requests.attempts().any()) {
                throw requests.errors().failure(path, e);
            }
            return settle(e, upload);
        }
    }

    /** An answer of failure may be about a repetition of a request that was already carried out. */
    private String settleAnswer(AwsServiceException cause, boolean doubtful, @Nullable MultipartUpload upload)
            throws TarnException {
        if (S3Requests.conditionFailed(cause) || cause.statusCode() == 409) {
            String ours = doubtful ? oursAfter(cause) : ours();
            if (ours != null) {
                return ours;
            }
            if (cause.statusCode() != 409) {
                throw refused(cause);
            }
            if (doubtful) {
                throw unknown(cause); // the other writer may be an earlier attempt of this one
            }
            // Two conditional writes met; the server took neither side yet.
            boolean nothingThere = requests.head(path, key).isEmpty();
            throw nothingThere || !conditional() ? requests.errors().failure(path, cause) : refused(cause);
        }
        if (cause.statusCode() == 404 && ifMatch() != null && upload == null) {
            throw refused(cause);
        }
        boolean uploadGone = cause.statusCode() == 404 && upload != null;
        if (uploadGone && ifMatch() != null && !S3Errors.code(cause).equals("NoSuchUpload")) {
            throw refused(cause);
        }
        if (uploadGone || doubtful) {
            return settle(cause, upload);
        }
        throw requests.errors().failure(path, cause);
    }

    /**
     * Reads back what became of a commit whose answer was lost, or was an error of the server's own. That nothing is there yet says nothing: the server may be at
     * it still. Only an upload that could be aborted was certainly not completed.
     */
    private String settle(SdkException cause, @Nullable MultipartUpload upload) throws TarnException {
        String ours = oursAfter(cause);
        if (ours != null) {
            return ours;
        }
        if (upload != null && upload.abort()) {
            throw requests.errors().failure(path, cause);
        }
        throw unknown(cause);
    }

    private @Nullable String oursAfter(SdkException cause) throws TarnException {
        try {
            return ours();
        } catch (TarnException e) {
            e.addSuppressed(cause);
            throw unknown(e);
        }
    }

    /** Also where it has happened, and is not known well enough to be told of. */
    TarnException unknown(Throwable cause) {
        return requests.errors()
                .failure(
                        ErrorCode.OUTCOME_UNKNOWN,
                        path,
                        "the connection was lost or the server failed at the commit, and reading back did not tell whether it happened",
                        cause);
    }

    /** The entity tag of what is there, if this very upload made it; else null. */
    private @Nullable String ours() throws TarnException {
        HeadObjectResponse head = requests.head(path, key).orElse(null);
        return head != null && mark.equals(head.metadata().get(S3Requests.UPLOAD_MARK)) ? head.eTag() : null;
    }

    private TarnException refused(@Nullable Throwable cause) {
        return options.onlyIfVersion() != null
                ? requests.errors().changed(path, "version " + options.onlyIfVersion() + " is not there", cause)
                : requests.errors().failure(ErrorCode.ALREADY_EXISTS, path, "exists already", cause);
    }
}
