package io.tarn.testing.s3.awssdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of one object. Immutable; its file is never written again.
 *
 * @param fileName where its bytes are, in the bucket's directory
 * @param eTag with quotes, as on the wire
 * @param contentType null where the client gave none
 */
record StoredObject(
        String key,
        String fileName,
        long lengthBytes,
        String eTag,
        Instant modified,
        @Nullable String contentType,
        Map<String, String> userMetadata) {}
