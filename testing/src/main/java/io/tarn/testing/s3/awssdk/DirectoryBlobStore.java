package io.tarn.testing.s3.awssdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The objects behind the embedded S3 server: one directory for each bucket. Access control lists are accepted and ignored, everything is its owner's.
 * Thread-safe.
 */
public final class DirectoryBlobStore implements BlobStore {
    private static final long MINIMUM_PART_BYTES = 5L << 20;

    private final Path root;
    private final Map<String, ObjectBucket> buckets = new ConcurrentSkipListMap<>();
    private final Uploads uploads = new Uploads();

    private DirectoryBlobStore(Path root) {
        this.root = root;
    }

    /** Opens the buckets that are in {@code root}, which must exist. */
    public static DirectoryBlobStore open(Path root) throws IOException {
        DirectoryBlobStore store = new DirectoryBlobStore(root);
        try (var directories = Files.list(root)) {
            for (Path directory : directories.filter(Files::isDirectory).toList()) {
                String name = directory.getFileName().toString();
                store.buckets.put(name, ObjectBucket.open(name, directory));
            }
        }
        return store;
    }

    @Override
    public ListBucketsResponse list() {
        List<Bucket> all = buckets.keySet().stream()
                .map(name -> SdkResponses.bucket(name, Instant.EPOCH))
                .toList();
        return ListBucketsResponse.builder().buckets(all).build();
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        return ObjectListing.page(bucket(request.bucket()), request);
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        bucket(request.bucket());
        return HeadBucketResponse.builder().build();
    }

    @Override
    public synchronized CreateBucketResponse createContainer(CreateBucketRequest request) {
        String name = request.bucket();
        if (buckets.containsKey(name)) {
            throw S3Exceptions.bucketAlreadyOwnedByYou(name);
        }
        attempt(() -> buckets.put(name, ObjectBucket.open(name, root.resolve(name))));
        return CreateBucketResponse.builder().build();
    }

    @Override
    public synchronized void deleteBucket(String name) {
        ObjectBucket bucket = bucket(name);
        if (!bucket.index().isEmpty()) {
            throw S3Exceptions.bucketNotEmpty(name);
        }
        buckets.remove(name);
        attempt(() -> {
            bucket.remove();
            return name;
        });
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        ObjectBucket bucket = bucket(request.bucket());
        return attempt(() -> {
            Path file = bucket.newFile();
            ObjectFiles.Written written = ObjectFiles.write(file, content);
            Long expected = request.contentLength();
            if (expected != null && expected != written.lengthBytes()) {
                Files.delete(file);
                throw S3Exceptions.invalidRequest("the body ended after " + written.lengthBytes() + " bytes");
            }
            StoredObject object = stored(
                    request.key(),
                    file,
                    written.lengthBytes(),
                    written.eTag(),
                    request.contentType(),
                    request.metadata());
            bucket.put(object, new Condition(request.ifMatch(), request.ifNoneMatch()));
            return SdkResponses.putResponse(object.eTag());
        });
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        ObjectBucket source = bucket(request.sourceBucket());
        StoredObject original = object(source, request.sourceKey());
        String wanted = request.copySourceIfMatch();
        if (wanted != null && !Condition.same(wanted, original)) {
            throw S3Exceptions.preconditionFailed(null);
        }
        ObjectBucket target = bucket(request.destinationBucket());
        boolean replace = request.metadataDirective() == MetadataDirective.REPLACE;
        return attempt(() -> {
            Path file = target.newFile();
            long length = ObjectFiles.join(file, List.of(source.file(original)));
            StoredObject copy = stored(
                    request.destinationKey(),
                    file,
                    length,
                    original.eTag(),
                    replace ? request.contentType() : original.contentType(),
                    replace ? request.metadata() : original.userMetadata());
            target.put(copy, new Condition(request.ifMatch(), request.ifNoneMatch()));
            return SdkResponses.copyResponse(copy.eTag(), copy.modified());
        });
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        StoredObject object = object(bucket(request.bucket()), request.key());
        return SdkResponses.toHead(ObjectReader.describe(object));
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        ObjectBucket bucket = bucket(request.bucket());
        StoredObject object = object(bucket, request.key());
        return attempt(() -> ObjectReader.read(bucket, object, request));
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        ObjectBucket bucket = bucket(request.bucket());
        return attempt(() -> {
            bucket.delete(request.key());
            return DeleteObjectResponse.builder().build();
        });
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        bucket(request.bucket());
        return new MultipartUpload(uploads.start(request.bucket(), request.key()), request);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream content) {
        Path file = bucket(upload.containerName()).newFile();
        return attempt(() -> SdkResponses.uploadedPart(uploads.add(upload.id(), request.partNumber(), file, content)));
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        ObjectBucket bucket = bucket(upload.containerName());
        return attempt(() -> {
            Path file = bucket.newFile();
            Uploads.Joined joined =
                    uploads.join(upload.id(), request.multipartUpload().parts(), file);
            StoredObject object = stored(
                    upload.blobName(),
                    file,
                    joined.lengthBytes(),
                    joined.eTag(),
                    upload.request().contentType(),
                    upload.request().metadata());
            bucket.put(object, new Condition(request.ifMatch(), request.ifNoneMatch()));
            uploads.forget(upload.id());
            return SdkResponses.completeResponse(object.eTag());
        });
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        attempt(() -> {
            uploads.forget(upload.id());
            return upload;
        });
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        return uploads.parts(upload.id());
    }

    @Override
    public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(String bucket) {
        return uploads.of(bucket);
    }

    @Override
    public long getMinimumMultipartPartSize() {
        return MINIMUM_PART_BYTES;
    }

    @Override
    public BucketCannedACL getContainerAccess(String bucket) {
        return BucketCannedACL.PRIVATE;
    }

    @Override
    public void setContainerAccess(String bucket, BucketCannedACL access) {
        bucket(bucket);
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        return ObjectCannedACL.PRIVATE;
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access) {
        object(bucket(bucket), key);
    }

    @Override
    public void close() {
        for (ObjectBucket bucket : buckets.values()) {
            attempt(() -> {
                bucket.close();
                return bucket;
            });
        }
    }

    private ObjectBucket bucket(String name) {
        ObjectBucket bucket = buckets.get(name);
        if (bucket == null) {
            throw S3Exceptions.noSuchBucket(name, "no such bucket");
        }
        return bucket;
    }

    private static StoredObject object(ObjectBucket bucket, String key) {
        StoredObject object = bucket.get(key);
        if (object == null) {
            throw S3Exceptions.noSuchKey(bucket.name(), key, "no such object");
        }
        return object;
    }

    private static StoredObject stored(
            String key,
            Path file,
            long lengthBytes,
            String eTag,
            @Nullable String contentType,
            @Nullable Map<String, String> metadata) {
        return new StoredObject(
                key,
                file.getFileName().toString(),
                lengthBytes,
                eTag,
                Instant.now(),
                contentType,
                metadata == null ? Map.of() : metadata);
    }

    /** Something that touches files. */
    private interface FileAction<T> {
        T run() throws IOException;
    }

    private static <T> T attempt(FileAction<T> action) {
        try {
            return action.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
