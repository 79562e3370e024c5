package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * One object on its way: a single PUT where it fits in one part, else a multipart upload. Only the commit carries a condition; its outcome is read
 * back by a mark in the object's metadata where the answer was lost.
 *
 * <p>Used by one thread at a time; {@link #abort} may come from another.
 */
final class S3Writer implements StoreWriter {
    private final S3Requests requests;
    private final S3Uploads uploads;
    private final UploadBuffers buffers;
    private final ExecutorService threads;
    private final String path;
    private final String key;
    private final CreateOptions options;
    private final Consumer<S3Writer> onEnd;
    private final String mark = UUID.randomUUID().toString();
    private PartBuffer part;
    private @Nullable MultipartUpload upload;
    private long lengthBytes;
    private boolean ended;

    S3Writer(
            S3Requests requests,
            S3Uploads uploads,
            UploadBuffers buffers,
            ExecutorService threads,
            String path,
            String key,
            CreateOptions options,
            Consumer<S3Writer> onEnd) {
        this.requests = requests;
        this.uploads = uploads;
        this.buffers = buffers;
        this.threads = threads;
        this.path = path;
        this.key = key;
        this.options = options;
        this.onEnd = onEnd;
        this.part = new PartBuffer(buffers);
    }

    @Override
    public synchronized void write(ByteBuffer bytes) throws TarnException {
        if (ended) {
            throw requests.errors().failure(ErrorCode.STORE_UNAVAILABLE, path, "the write was aborted", null);
        }
        lengthBytes += bytes.remaining();
        while (bytes.hasRemaining()) {
            if (part.full()) {
                sendPart();
            }
            part.take(bytes);
        }
    }

    private MultipartUpload sendPart() throws TarnException {
        if (upload == null) {
            upload = new MultipartUpload(requests, uploads, buffers, threads, path, key, mark);
        }
        PartBuffer filled = part;
        part = new PartBuffer(buffers);
        upload.send(filled);
        return upload;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public synchronized StoreStatus commit() throws TarnException {
        if (ended) {
            throw new IllegalStateException("commit of a file that was committed or aborted");
        }
        S3Commit commit = new S3Commit(requests, path, key, mark, options);
        try {
            commit.checkFirst();
            String entityTag = upload == null ? commit.put(part) : complete(commit, upload);
            finish();
            return status(commit, entityTag);
        } catch (TarnException e) {
            abort();
            throw e;
        }
    }

    private String complete(S3Commit commit, MultipartUpload open) throws TarnException {
        if (part.length() > 0) {
            sendPart();
        }
        List<CompletedPart> parts = open.parts();
        String entityTag = commit.complete(open, parts);
        open.completed();
        return entityTag;
    }

    /** What the store holds now; where it was replaced at once, what was committed. */
    private StoreStatus status(S3Commit commit, String entityTag) throws TarnException {
        Optional<HeadObjectResponse> head;
        try {
            head = requests.head(path, key);
        } catch (TarnException e) {
            throw commit.unknown(e);
        }
        String tag = S3Requests.versionTag(entityTag);
        long modified = head.filter(now -> S3Requests.versionTag(now.eTag()).equals(tag))
                .map(now -> S3Requests.millis(now.lastModified()))
                .orElse(0L);
        return StoreStatus.file(path, lengthBytes, modified, tag);
    }

    @Override
    public synchronized void abort() {
        if (ended) {
            return;
        }
        if (upload != null) {
            upload.abort();
        }
        finish();
    }

    private void finish() {
        ended = true;
        part.giveBack();
        onEnd.accept(this);
    }

    @Override
    public void close() {
        abort();
    }
}
