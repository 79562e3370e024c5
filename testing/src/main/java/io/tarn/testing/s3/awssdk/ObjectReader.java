package io.tarn.testing.s3.awssdk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkRequests;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Answers GET: conditions first, then the range asked for. */
final class ObjectReader {
    private static final int NOT_MODIFIED = 304;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int BUFFER_BYTES = 1 << 18;

    private ObjectReader() {}

    static ResponseInputStream<GetObjectResponse> read(
            ObjectBucket bucket, StoredObject object, GetObjectRequest request) throws IOException {
        check(object, request);
        long first = 0;
        long last = object.lengthBytes() - 1;
        GetObjectResponse.Builder response = describe(object).toBuilder();
        SdkRequests.@Nullable ByteRange range =
                request.range() == null ? null : SdkRequests.parseRange(request.range());
        if (range != null) {
            Long from = range.first();
            Long to = range.last();
            first = from != null ? from : Math.max(0, object.lengthBytes() - (to == null ? 0 : to));
            last = from == null || to == null ? last : Math.min(last, to);
            if (first > last) {
                throw S3Exceptions.fromStatusCode(RANGE_NOT_SATISFIABLE);
            }
            response.contentRange("bytes " + first + "-" + last + "/" + object.lengthBytes());
        }
        response.contentLength(last - first + 1);
        FileChannel channel = FileChannel.open(bucket.file(object)).position(first);
        InputStream content = new BufferedInputStream(
                new LimitedInputStream(Channels.newInputStream(channel), last - first + 1), BUFFER_BYTES);
        return SdkResponses.getResponse(response.build(), content);
    }

    static GetObjectResponse describe(StoredObject object) {
        return GetObjectResponse.builder()
                .eTag(object.eTag())
                .lastModified(object.modified())
                .contentLength(object.lengthBytes())
                .contentType(object.contentType() == null ? "binary/octet-stream" : object.contentType())
                .acceptRanges("bytes")
                .metadata(object.userMetadata())
                .build();
    }

    private static void check(StoredObject object, GetObjectRequest request) {
        boolean changed = request.ifMatch() != null && !Condition.same(request.ifMatch(), object);
        boolean newer = request.ifUnmodifiedSince() != null && object.modified().isAfter(request.ifUnmodifiedSince());
        if (changed || newer) {
            throw S3Exceptions.fromStatusCode(PRECONDITION_FAILED);
        }
        boolean same = request.ifNoneMatch() != null && Condition.same(request.ifNoneMatch(), object);
        boolean older = request.ifModifiedSince() != null && !object.modified().isAfter(request.ifModifiedSince());
        if (same || older) {
            throw S3Exceptions.fromStatusCode(NOT_MODIFIED);
        }
    }
}
