package io.tarn.testing.s3.awssdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.StorageClass;

/** One page of a listing, found without looking at what lies outside it. Not thread-safe; made for one request. */
final class ObjectListing {
    private static final int MAXIMUM_KEYS = 1000;
    /** Follows every character that a key can have after a prefix. */
    private static final String AFTER_ALL = "\uDBFF\uDFFF";

    private final ObjectBucket bucket;
    private final String prefix;
    private final String delimiter;
    private final int limit;
    private final List<S3Object> objects = new ArrayList<>();
    private final List<CommonPrefix> commonPrefixes = new ArrayList<>();

    private ObjectListing(ObjectBucket bucket, ListObjectsV2Request request) {
        this.bucket = bucket;
        prefix = orEmpty(request.prefix());
        delimiter = orEmpty(request.delimiter());
        limit = request.maxKeys() == null ? MAXIMUM_KEYS : Math.min(MAXIMUM_KEYS, request.maxKeys());
    }

    static ListObjectsV2Response page(ObjectBucket bucket, ListObjectsV2Request request) {
        ObjectListing listing = new ObjectListing(bucket, request);
        String token = orEmpty(request.continuationToken());
        String after = token.isEmpty() ? orEmpty(request.startAfter()) : token;
        boolean resumed = !listing.delimiter.isEmpty() && token.endsWith(listing.delimiter);
        return listing.collect(after, resumed);
    }

    private ListObjectsV2Response collect(String after, boolean afterCommonPrefix) {
        if (limit == 0) {
            return SdkResponses.objectsPage(objects, commonPrefixes, null);
        }
        Map.Entry<String, StoredObject> entry = first(after, afterCommonPrefix);
        String last = "";
        while (entry != null && entry.getKey().startsWith(prefix)) {
            if (objects.size() + commonPrefixes.size() == limit) {
                return SdkResponses.objectsPage(objects, commonPrefixes, last);
            }
            String key = entry.getKey();
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (end < 0) {
                objects.add(describe(entry.getValue()));
                last = key;
                entry = bucket.index().higherEntry(key);
            } else {
                last = key.substring(0, end + delimiter.length());
                commonPrefixes.add(SdkResponses.commonPrefix(last));
                entry = bucket.index().higherEntry(last + AFTER_ALL);
            }
        }
        return SdkResponses.objectsPage(objects, commonPrefixes, null);
    }

    private Map.@Nullable Entry<String, StoredObject> first(String after, boolean afterCommonPrefix) {
        if (afterCommonPrefix) {
            return bucket.index().higherEntry(after + AFTER_ALL);
        }
        return after.compareTo(prefix) >= 0 && !after.isEmpty()
                ? bucket.index().higherEntry(after)
                : bucket.index().ceilingEntry(prefix);
    }

    private static S3Object describe(StoredObject object) {
        return SdkResponses.objectEntry(
                object.key(), object.eTag(), object.modified(), object.lengthBytes(), StorageClass.STANDARD);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
