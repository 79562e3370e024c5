package io.tarn.standalone;

import io.tarn.client.MountSettings;
import io.tarn.testing.s3.EmbeddedS3;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Settings of mounts of an S3 server of these tests. */
final class S3Mounts {
    private S3Mounts() {}

    static MountSettings of(EmbeddedS3 s3) {
        return of(s3.endpoint(), s3.accessKey(), s3.secretKey(), Map.of());
    }

    static MountSettings of(URI endpoint, String accessKey, String secretKey, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("endpoint", endpoint.toString());
        return MountSettings.DEFAULT.withStore(all, Map.of("access-key", accessKey, "secret-key", secretKey));
    }
}
