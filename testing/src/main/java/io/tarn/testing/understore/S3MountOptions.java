package io.tarn.testing.understore;

import io.tarn.protocol.v1.MountOptions;
import java.net.URI;

/** Options of a mount of an S3 server with static credentials. */
public final class S3MountOptions {
    private S3MountOptions() {}

    public static MountOptions of(URI endpoint, String accessKey, String secretKey) {
        return MountOptions.newBuilder()
                .putProperties("endpoint", endpoint.toString())
                .putProperties("part-size", Integer.toString(5 << 20))
                .putCredentials("access-key", accessKey)
                .putCredentials("secret-key", secretKey)
                .build();
    }
}
