package io.tarn.standalone;

import io.tarn.client.MountSettings;
import io.tarn.testing.s3.EmbeddedS3;
import java.util.Map;

/** Settings of mounts of an embedded S3 server. */
final class S3Mounts {
    private S3Mounts() {}

    static MountSettings of(EmbeddedS3 s3) {
        return new MountSettings(
                false,
                MountSettings.DEFAULT_SYNC_INTERVAL,
                Map.of("endpoint", s3.endpoint().toString()),
                Map.of("access-key", s3.accessKey(), "secret-key", s3.secretKey()),
                0,
                0,
                0);
    }
}
