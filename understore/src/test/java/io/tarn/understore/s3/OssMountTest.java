package io.tarn.understore.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import org.junit.jupiter.api.Test;

/** Mounts of Alibaba Cloud OSS, as far as they can be tested without OSS: which URIs and properties they take, and how they address it. */
final class OssMountTest {
    private static final String ENDPOINT = "http://oss-cn-hangzhou.invalid:1";

    private static MountOptions s3(String endpoint, String pathStyle) {
        return MountOptions.newBuilder()
                .putProperties("endpoint", endpoint)
                .putProperties("region", "oss-cn-hangzhou")
                .putProperties("path-style", pathStyle)
                .putProperties("attempts", "1")
                .putCredentials("access-key", "key")
                .putCredentials("secret-key", "secret")
                .build();
    }

    private static String unreachable(MountOptions options) throws TarnException {
        try (UnderStore store = UnderStores.load().open("s3://lake/tables", options)) {
            TarnException failure = assertThrows(TarnException.class, store::checkAccess);
            assertEquals(ErrorCode.STORE_UNAVAILABLE, failure.code(), failure.getMessage());
            return String.valueOf(failure.getMessage());
        }
    }

    @Test
    void theBucketIsPartOfTheHostName() throws Exception {
        String virtualHost = unreachable(s3(ENDPOINT, "false"));
        assertTrue(virtualHost.contains("lake.oss-cn-hangzhou.invalid"), virtualHost);
        String path = unreachable(s3(ENDPOINT, "true"));
        assertTrue(path.contains(": oss-cn-hangzhou.invalid"), path);
    }

    @Test
    void withoutHadoopsClientTheErrorNamesTheJar() throws Exception {
        MountOptions options = MountOptions.newBuilder()
                .putProperties("hadoop.fs.oss.endpoint", "oss-cn-hangzhou.aliyuncs.com")
                .putProperties("hadoop.fs.oss.impl", "org.apache.hadoop.fs.aliyun.oss.AliyunOSSFileSystem")
                .putCredentials("hadoop.fs.oss.accessKeyId", "key")
                .putCredentials("hadoop.fs.oss.accessKeySecret", "sEcReT")
                .build();
        try (UnderStore store = UnderStores.load().open("oss://lake/tables", options)) {
            assertEquals("oss://lake/tables", store.uri());
            TarnException failure = assertThrows(TarnException.class, store::checkAccess);
            assertEquals(ErrorCode.UNSUPPORTED, failure.code(), failure.getMessage());
            String message = String.valueOf(failure.getMessage());
            assertTrue(message.contains("hadoop-aliyun"), message);
            assertTrue(!message.contains("sEcReT"), message);
        }
    }
}
