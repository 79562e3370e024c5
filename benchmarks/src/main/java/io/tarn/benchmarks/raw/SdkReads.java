package io.tarn.benchmarks.raw;

import io.tarn.benchmarks.measure.Operation;
import io.tarn.testing.s3.S3Process;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Reads an object by the SDK alone, in ranges that several threads take in turn. Thread-safe. */
public final class SdkReads implements AutoCloseable {
    private static final int MAXIMUM_CONNECTIONS = 64;
    private static final int BUFFER_BYTES = 1 << 18;

    private final S3Client client;

    public SdkReads(S3Process s3) {
        client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(MAXIMUM_CONNECTIONS))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .build();
    }

    public S3Client client() {
        return client;
    }

    /** Takes the next range of the object from {@code position}, which the threads of one reading share; round and round. */
    public Operation ranges(String bucket, String key, long objectBytes, int lengthBytes, AtomicLong position) {
        byte[] buffer = new byte[BUFFER_BYTES];
        return () -> {
            long first = position.getAndAdd(lengthBytes) % objectBytes;
            return read(bucket, key, first, Math.min(lengthBytes, objectBytes - first), buffer);
        };
    }

    private long read(String bucket, String key, long first, long length, byte[] buffer) throws IOException {
        long total = 0;
        try (InputStream in = client.getObject(
                get -> get.bucket(bucket).key(key).range("bytes=" + first + "-" + (first + length - 1)))) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
            }
        }
        return total;
    }

    @Override
    public void close() {
        client.close();
    }
}
