package io.tarn.testing.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class S3ProcessTest {
    @Test
    void servesCountsAndCanBeKilled(@TempDir Path directory) throws Exception {
        S3Process server = S3Process.start(S3Settings.inDirectory(directory).withRecordedRanges());
        try (server;
                S3Client client = S3TestClients.of(server.endpoint(), server.accessKey(), server.secretKey())) {
            server.createBucket("lake");
            client.putObject(put -> put.bucket("lake").key("k"), RequestBody.fromString("tarn"));
            client.getObjectAsBytes(get -> get.bucket("lake").key("k").range("bytes=0-0"));
            assertEquals(new S3Counts(1, 0, 1, 0, 0, 1, 4), server.counts());
            assertEquals("bytes=0-0", server.ranges("/lake/k").getFirst());
            server.resetCounters();
            assertEquals(0, server.counts().requests());
            server.handle().destroyForcibly();
            server.handle().onExit().join();
            assertFalse(server.handle().isAlive());
        }
    }
}
