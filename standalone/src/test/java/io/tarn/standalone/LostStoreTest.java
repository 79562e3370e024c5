package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Process;
import io.tarn.testing.s3.S3Settings;
import io.tarn.testing.understore.S3MountOptions;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** An S3 server that dies while files are on their way to it, and comes back. */
@Timeout(180)
class LostStoreTest {
    private static final Duration WAIT = Duration.ofSeconds(60);

    private final byte[] content = StoreProbe.bytes((24 << 20) + 345, 8);

    @TempDir
    Path directory;

    @Test
    void whatIsOnItsWayWaitsForTheStoreAndIsReadMeanwhile() throws Exception {
        S3Settings settings = S3Settings.inDirectory(directory.resolve("s3"));
        S3Process first = S3Process.start(settings);
        try (RunningCache cache = new RunningCache(directory.resolve("data"))) {
            TarnClient client = cache.client();
            first.createBucket("lake");
            var mount = S3Mounts.of(first.endpoint(), first.accessKey(), first.secretKey(), Map.of("attempts", "2"));
            client.mount("/lake", "s3://lake", mount);
            first.shape(0, 4_000_000);
            write(client, "/lake/dir/file", WriteType.ASYNC_THROUGH);
            await("an upload to begin", () -> first.counts().objectBytesIn() > 1_000_000);
            first.handle().destroyForcibly();

            RunningCache.Run read = cache.tarn("fs", "cat", "/lake/dir/file");
            assertEquals(0, read.status(), read::err);
            assertArrayEquals(content, read.bytes());
            refused(() -> write(client, "/lake/dir/later", WriteType.ASYNC_THROUGH)); // nobody knows what stands there
            refused(() -> write(client, "/lake/dir/through", WriteType.CACHE_THROUGH));
            await("the failure to be told", () -> cache.tarn("info").out().contains("/lake/dir/"));

            try (EmbeddedS3 second =
                            EmbeddedS3.start(settings.withPort(first.endpoint().getPort()));
                    UnderStore bucket = UnderStores.load()
                            .open(
                                    "s3://lake",
                                    S3MountOptions.of(second.endpoint(), second.accessKey(), second.secretKey()))) {
                client.persistAndWait("/lake", true, WAIT, progress -> {});
                StoreProbe probe = new StoreProbe(bucket);
                assertArrayEquals(content, probe.get("dir/file"));
                assertTrue(bucket.status("dir/later").isEmpty());
                assertTrue(bucket.status("dir/through").isEmpty());
                write(client, "/lake/dir/later", WriteType.ASYNC_THROUGH);
                client.persistAndWait("/lake", true, WAIT, progress -> {});
                assertArrayEquals(content, probe.get("dir/later"));
                await("uploads that broke off to be gone", () -> second.openUploads("lake") == 0);
                assertEquals(0, second.openUploads("lake"));
            }
        } finally {
            first.close();
        }
    }

    private static void refused(Executable write) {
        TarnException refusal = assertThrows(TarnException.class, write);
        boolean clear = refusal.code() == ErrorCode.STORE_UNAVAILABLE || refusal.code() == ErrorCode.TIMEOUT;
        assertTrue(clear, refusal.toString());
    }

    private void write(TarnClient client, String path, WriteType type) throws TarnException {
        try (FileWriter writer = client.create(path, CreateOptions.DEFAULT.withWriteType(type))) {
            writer.write(ByteBuffer.wrap(content));
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + WAIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new IOException("waited in vain for: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
