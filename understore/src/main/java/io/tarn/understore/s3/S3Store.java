package io.tarn.understore.s3;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.Capabilities;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreFigures;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UploadLog;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket and prefix. Version tags are entity tags; directories are prefixes and markers.
 *
 * <p>Safe for use by many threads, virtual ones too; requests over the bound of connections wait.
 */
final class S3Store implements UnderStore {
    /** Enough that "file", "file.crc" and the like never hide whether "file/" exists. */
    private static final int STATUS_KEYS = 20;

    private final S3Requests requests;
    private final S3Keys keys;
    private final AutoCloseable connections;
    private final UploadBuffers buffers;
    private final S3Uploads uploads;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<S3Writer> openWriters = ConcurrentHashMap.newKeySet();
    private final AtomicLong skipped = new AtomicLong();

    /** @param connections closed with the store: client, credentials, HTTP connections */
    S3Store(S3Requests requests, UploadLog uploadLog, AutoCloseable connections) {
        this.requests = requests;
        this.keys = new S3Keys(requests.settings().keyPrefix());
        this.connections = connections;
        this.uploads = new S3Uploads(requests, uploadLog);
        this.buffers = new UploadBuffers(
                requests.settings().partBytes(), requests.settings().uploadsInFlight());
    }

    @Override
    public String uri() {
        return requests.settings().uri();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, false, false, requests.settings().conditionalWrites(), true);
    }

    @Override
    public void checkAccess() throws TarnException {
        requests.anyBelow("", keys.prefix());
    }

    @Override
    public Optional<StoreStatus> status(String path) throws TarnException {
        if (path.isEmpty()) {
            return Optional.of(StoreStatus.directory("", 0));
        }
        String key = keys.file(path);
        ListObjectsV2Response page = requests.page(path, key, false, "", null, STATUS_KEYS);
        String below = key + "/";
        if (page.commonPrefixes().stream().anyMatch(prefix -> below.equals(prefix.prefix()))) {
            return Optional.of(StoreStatus.directory(path, 0));
        }
        if (Boolean.TRUE.equals(page.isTruncated()) && requests.anyBelow(path, below)) {
            return Optional.of(StoreStatus.directory(path, 0));
        }
        for (S3Object object : page.contents()) {
            if (object.key().equals(key)) {
                return Optional.of(StoreStatus.file(
                        path,
                        object.size(),
                        S3Requests.millis(object.lastModified()),
                        S3Requests.versionTag(object.eTag())));
            }
        }
        return Optional.empty();
    }

    @Override
    public Iterator<StoreStatus> list(String path, String startAfter) throws TarnException {
        return new S3Listing(requests, skipped, path, keys.directory(path), startAfter);
    }

    @Override
    public Iterator<StoreStatus> listRecursive(String path) throws TarnException {
        return new S3RecursiveListing(requests, skipped, keys, path);
    }

    @Override
    public void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink)
            throws TarnException {
        new S3Reader(requests, path, keys.file(path), versionTag, offset, lengthBytes).readInto(sink);
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        String key = keys.file(path);
        if (path.isEmpty()) {
            throw requests.errors().failure(ErrorCode.IS_A_DIRECTORY, path, "is the mount's root", null);
        }
        S3Writer writer = new S3Writer(requests, uploads, buffers, threads, path, key, options, openWriters::remove);
        openWriters.add(writer);
        return writer;
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        StoreStatus there = status(path).orElse(null);
        if (there != null && !there.directory()) {
            throw requests.errors()
                    .failure(ErrorCode.ALREADY_EXISTS, path, "is a file where a directory is needed", null);
        }
        if (there == null) {
            String marker = keys.directory(path);
            requests.send(
                    "put",
                    path,
                    () -> requests.client()
                            .putObject(
                                    put -> put.bucket(requests.settings().bucket())
                                            .key(marker),
                                    RequestBody.empty()));
        }
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        String key = keys.file(path);
        Optional<HeadObjectResponse> there = requests.head(path, key);
        if (there.isEmpty()) {
            return false;
        }
        boolean conditional = !versionTag.isEmpty();
        if (conditional && !S3Requests.versionTag(there.get().eTag()).equals(versionTag)) {
            throw requests.errors().changed(path, "version " + versionTag + " is not there", null);
        }
        boolean ask = conditional && requests.settings().conditionalDeletes();
        requests.send(
                "delete",
                path,
                () -> requests.client()
                        .deleteObject(
                                delete -> delete.bucket(requests.settings().bucket())
                                        .key(key)
                                        .ifMatch(ask ? S3Requests.entityTag(versionTag) : null)));
        return true;
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        String prefix = keys.directory(path);
        if (path.isEmpty()) {
            throw requests.errors().failure(ErrorCode.INVALID_ARGUMENT, path, "is the mount's root and stays", null);
        }
        S3Delete delete = new S3Delete(requests, path, prefix);
        return recursive ? delete.all() : delete.marker();
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        StorePaths.check(source);
        StorePaths.check(target);
        throw requests.errors()
                .failure(ErrorCode.UNSUPPORTED, source, "an object store has no rename: copy and delete", null);
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        String sourceKey = keys.file(source);
        String targetKey = keys.file(target);
        HeadObjectResponse head = requests.head(source, sourceKey)
                .orElseThrow(() -> requests.errors().changed(source, "it is gone", null));
        if (!S3Requests.versionTag(head.eTag()).equals(versionTag)) {
            throw requests.errors().changed(source, "version " + versionTag + " is not there", null);
        }
        new S3Copy(requests, uploads, source, sourceKey, versionTag, targetKey).copy(head.contentLength());
        HeadObjectResponse copy = requests.head(target, targetKey)
                .orElseThrow(() -> requests.errors().changed(target, "the copy vanished at once", null));
        return StoreStatus.file(
                target,
                copy.contentLength(),
                S3Requests.millis(copy.lastModified()),
                S3Requests.versionTag(copy.eTag()));
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        StorePaths.check(path);
    }

    @Override
    public void removeUnfinished(String upload) throws TarnException {
        uploads.remove(upload);
    }

    @Override
    public Map<String, StoreFigures> figures() {
        return requests.figures().snapshot();
    }

    @Override
    public long skippedNames() {
        return skipped.get();
    }

    @Override
    public void close() {
        List.copyOf(openWriters).forEach(S3Writer::abort);
        threads.shutdown();
        try {
            connections.close();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "closing connections to " + requests.settings().server(), e);
        }
    }
}
