package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** The parts of one upload, sent by threads of their own. Used by one thread at a time. */
final class MultipartUpload {
    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);
    private static final int MAX_PARTS = 10_000;

    private final S3Requests requests;
    private final UploadBuffers buffers;
    private final ExecutorService threads;
    private final String path;
    private final String key;
    private final String uploadId;
    private final S3Uploads uploads;
    private final long noted;
    private final List<Future<CompletedPart>> parts = new ArrayList<>();

    MultipartUpload(
            S3Requests requests,
            S3Uploads uploads,
            UploadBuffers buffers,
            ExecutorService threads,
            String path,
            String key,
            String mark)
            throws TarnException {
        this.requests = requests;
        this.buffers = buffers;
        this.threads = threads;
        this.path = path;
        this.key = key;
        this.uploads = uploads;
        this.noted = uploads.begin(key);
        this.uploadId = create(mark);
    }

    private String create(String mark) throws TarnException {
        boolean created = false;
        try {
            String id = requests.send(
                            "put",
                            path,
                            () -> requests.client()
                                    .createMultipartUpload(create -> create.bucket(bucket())
                                            .key(key)
                                            .metadata(java.util.Map.of(S3Requests.UPLOAD_MARK, mark))))
                    .uploadId();
            uploads.created(noted, key, id);
            created = true;
            return id;
        } finally {
            if (!created) {
                uploads.ended(noted);
            }
        }
    }

    String uploadId() {
        return uploadId;
    }

    /** Sends a part; waits while too many are on their way, and fails where an earlier one has failed. */
    void send(PartBuffer part) throws TarnException {
        int number = parts.size() + 1;
        if (number > MAX_PARTS) {
            throw requests.errors()
                    .failure(
                            ErrorCode.TOO_LARGE,
                            path,
                            "a file has at most " + MAX_PARTS + " parts of " + buffers.partBytes()
                                    + " bytes; raise part-size",
                            null);
        }
        for (Future<CompletedPart> earlier : parts) {
            if (earlier.state() == Future.State.FAILED) {
                result(earlier);
            }
        }
        try {
            buffers.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        parts.add(threads.submit(() -> {
            try {
                return upload(number, part);
            } finally {
                part.giveBack();
                buffers.release();
            }
        }));
    }

    private CompletedPart upload(int number, PartBuffer part) throws TarnException {
        String entityTag = requests.send(
                        "put",
                        path,
                        () -> requests.client()
                                .uploadPart(
                                        upload -> upload.bucket(bucket())
                                                .key(key)
                                                .uploadId(uploadId)
                                                .partNumber(number)
                                                .contentLength((long) part.length()),
                                        body(part)))
                .eTag();
        requests.figures().bytes("put", part.length());
        return CompletedPart.builder().partNumber(number).eTag(entityTag).build();
    }

    static RequestBody body(PartBuffer part) {
        return RequestBody.fromContentProvider(
                () -> new java.io.ByteArrayInputStream(part.array(), 0, part.length()),
                part.length(),
                "application/octet-stream");
    }

    /** Waits for all parts. */
    List<CompletedPart> parts() throws TarnException {
        List<CompletedPart> done = new ArrayList<>();
        for (Future<CompletedPart> part : parts) {
            done.add(result(part));
        }
        return done;
    }

    private CompletedPart result(Future<CompletedPart> part) throws TarnException {
        try {
            return part.get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TarnException failure) {
                throw failure;
            }
            throw requests.errors().failure(ErrorCode.INTERNAL, path, "a part could not be sent", e.getCause());
        }
    }

    private TarnException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return requests.errors().failure(ErrorCode.UNAVAILABLE, path, "interrupted while writing", cause);
    }

    /** The object is there; nothing of the upload is left. */
    void completed() {
        uploads.ended(noted);
    }

    /**
     * Removes the parts from the server, after those on their way have ended: a part that arrives later would stay behind.
     *
     * @return whether the upload was still open, so that it certainly was not completed
     */
    boolean abort() {
        for (Future<CompletedPart> part : parts) {
            awaitEnd(part);
        }
        requests.figures().request("delete");
        try {
            requests.client()
                    .abortMultipartUpload(
                            abort -> abort.bucket(bucket()).key(key).uploadId(uploadId));
            uploads.ended(noted);
            return true;
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                uploads.ended(noted);
            } else {
                LOG.warn("{}: upload {} could not be aborted; the next start tries again", path, uploadId, e);
            }
            return false;
        } catch (SdkException e) {
            LOG.warn("{}: upload {} could not be aborted; the next start tries again", path, uploadId, e);
            return false;
        }
    }

    private static void awaitEnd(Future<CompletedPart> part) {
        boolean interrupted = false;
        while (!part.isDone()) {
            try {
                part.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String bucket() {
        return requests.settings().bucket();
    }
}
