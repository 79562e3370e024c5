package io.tarn.testing.s3.awssdk;

import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jspecify.annotations.Nullable;

/**
 * What a writer says about the object that it replaces.
 *
 * @param ifMatch the entity tag that it must have, "*" for any; null where it does not matter
 * @param ifNoneMatch the entity tag that it must not have, "*" for any; null where it does not matter
 */
record Condition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    private static final String ANY = "*";
    private static final int PRECONDITION_FAILED = 412;

    /** Throws 412 unless {@code current}, null where there is none, is as it must be; 404 where it must be and is not. */
    void check(String bucket, String key, @Nullable StoredObject current) {
        if (ifMatch != null && current == null) {
            throw S3Exceptions.noSuchKey(bucket, key, "If-Match names an object that is not there");
        }
        boolean matches = ifMatch == null || current == null || same(ifMatch, current);
        boolean excluded = ifNoneMatch != null && current != null && same(ifNoneMatch, current);
        if (!matches || excluded) {
            throw S3Exceptions.fromStatusCode(PRECONDITION_FAILED);
        }
    }

    static boolean same(String tag, StoredObject object) {
        return tag.equals(ANY) || unquoted(tag).equals(unquoted(object.eTag()));
    }

    private static String unquoted(String tag) {
        return tag.replace("\"", "");
    }
}
