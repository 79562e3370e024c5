package io.tarn.testing.understore;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on MinIO in a container; skipped where no Docker engine has its image. */
final class MinioContractTest extends UnderStoreContract {
    private static @Nullable MinioContainer minio;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                MinioContainer.available(),
                "SKIPPED: no Docker engine with image " + MinioContainer.image() + "; S3 on MinIO is not tested here");
        minio = MinioContainer.start();
        minio.createBucket("contract");
    }

    @AfterAll
    static void stop() {
        if (minio != null) {
            minio.close();
        }
    }

    @Override
    public int pageEntries() {
        return 1_000;
    }

    @Override
    protected UnderStore open(String place) throws Exception {
        MinioContainer running = java.util.Objects.requireNonNull(minio);
        return UnderStores.load()
                .open(
                        "s3://contract/" + place,
                        S3MountOptions.of(running.endpoint(), MinioContainer.ACCESS_KEY, MinioContainer.SECRET_KEY));
    }
}
