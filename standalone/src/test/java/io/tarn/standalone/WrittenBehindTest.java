package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import io.tarn.testing.understore.S3MountOptions;
import io.tarn.testing.understore.StoreProbe;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are in the cache first, and in a bucket by and by, also where the process is killed in between. */
@Timeout(180)
class WrittenBehindTest {
    private static final CreateOptions BEHIND = CreateOptions.DEFAULT.withWriteType(WriteType.ASYNC_THROUGH);

    private final byte[] content = StoreProbe.bytes((12 << 20) + 345, 8);

    @TempDir
    Path directory;

    private Path memory;
    private EmbeddedS3 s3;
    private UnderStore bucket;
    private StoreProbe probe;

    @BeforeEach
    void start() throws IOException {
        memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-test-");
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3")));
        s3.createBucket("lake");
        bucket = UnderStores.load().open("s3://lake", S3MountOptions.of(s3.endpoint(), s3.accessKey(), s3.secretKey()));
        probe = new StoreProbe(bucket);
    }

    @AfterEach
    void stop() throws IOException {
        bucket.close();
        s3.close();
        try (Stream<Path> files = Files.walk(memory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private StandaloneProcess process() throws IOException {
        return StandaloneProcess.start(
                directory.resolve("data"), memory, List.of("-Xmx512m"), Map.of("TARN_MASTER_LEASE", "2s"));
    }

    private static void write(TarnClient client, String path, CreateOptions options, byte[] content)
            throws TarnException {
        try (FileWriter writer = client.create(path, options)) {
            writer.write(ByteBuffer.wrap(content));
        }
    }

    private static byte[] read(TarnClient client, String path) throws TarnException {
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            ByteBuffer all = ByteBuffer.allocate((int) client.status(path).lengthBytes());
            while (all.hasRemaining()) {
                assertTrue(reader.read(all.position(), all) > 0);
            }
            return all.array();
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "waited in vain for: " + what);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void awaitInBucket(String path, byte[] expected) throws Exception {
        await(path + " in the bucket", () -> bucket.status(path).isPresent());
        assertArrayEquals(expected, probe.get(path));
    }

    @Test
    void aFileIsInTheBucketSoonAfterItsCloseAndItsReadersGoOn() throws Exception {
        try (RunningCache cache = new RunningCache(directory.resolve("data"))) {
            TarnClient client = cache.client();
            client.mount("/lake", "s3://lake", S3Mounts.of(s3));
            write(client, "/lake/new/file", BEHIND, content);
            try (FileReader early = client.open("/lake/new/file", OpenOptions.DEFAULT)) {
                awaitInBucket("new/file", content);
                await(
                        "the file to be the store's",
                        () -> client.status("/lake/new/file").persisted());
                client.free("/lake/new/file");
                ByteBuffer all = ByteBuffer.allocate(content.length);
                while (all.hasRemaining()) {
                    assertTrue(early.read(all.position(), all) > 0);
                }
                assertArrayEquals(content, all.array());
            }
            assertArrayEquals(content, read(client, "/lake/new/file"));
        }
    }

    @Test
    void aProcessThatIsKilledRightAfterTheCloseBringsTheFileWhenItIsBack() throws Exception {
        try (StandaloneProcess first = process();
                TarnClient client = first.connect()) {
            client.mount("/lake", "s3://lake", S3Mounts.of(s3));
            write(client, "/lake/file", BEHIND, content);
            first.kill();
        }
        try (StandaloneProcess second = process();
                TarnClient client = second.connect()) {
            assertArrayEquals(content, read(client, "/lake/file"));
            awaitInBucket("file", content);
        }
    }

    @Test
    void flushedBytesOutlastAKilledProcessAndAppendsGoOnFromThere() throws Exception {
        int flushed = (3 << 20) + 77;
        try (StandaloneProcess first = process();
                TarnClient client = first.connect()) {
            client.mount("/lake", "s3://lake", S3Mounts.of(s3));
            FileWriter writer = client.create("/lake/log", BEHIND);
            writer.write(ByteBuffer.wrap(content, 0, flushed));
            writer.flush(true);
            writer.write(ByteBuffer.wrap(content, flushed, 1000));
            first.kill();
        }
        byte[] held = Arrays.copyOf(content, flushed);
        try (StandaloneProcess second = process();
                TarnClient client = second.connect()) {
            await("the file to be sealed", () -> client.statusOrNull("/lake/log") != null);
            assertArrayEquals(held, read(client, "/lake/log"));
            awaitInBucket("log", held);
            try (FileWriter writer = client.append("/lake/log")) {
                assertEquals(flushed, writer.position());
                writer.write(ByteBuffer.wrap(content, flushed, content.length - flushed));
            }
            assertArrayEquals(content, read(client, "/lake/log"));
            client.persistAndWait("/lake", true, Duration.ofSeconds(60), progress -> {});
            assertArrayEquals(content, probe.get("log"));
            client.truncate("/lake/log", 1000);
            client.persistAndWait("/lake", true, Duration.ofSeconds(60), progress -> {});
            assertArrayEquals(Arrays.copyOf(content, 1000), probe.get("log"));
        }
    }

    @Test
    void whatOnlyTheCacheHoldsIsPersistedWhenAsked() throws Exception {
        try (RunningCache cache = new RunningCache(directory.resolve("data"))) {
            cache.client().mount("/lake", "s3://lake", S3Mounts.of(s3));
            RunningCache.Run put =
                    cache.tarn(content, "fs", "put", "--write-type", "must_cache", "-", "/lake/dir/file");
            assertEquals(0, put.status(), put::err);
            assertFalse(cache.client().status("/lake/dir/file").persisted());
            RunningCache.Run persist = cache.tarn("persist", "--wait", "--timeout", "60s", "/lake/dir");
            assertEquals(0, persist.status(), persist::err);
            assertArrayEquals(content, probe.get("dir/file"));
            assertTrue(cache.client().status("/lake/dir/file").persisted());
            RunningCache.Run more = cache.tarn(content, "fs", "put", "-w", "must_cache", "-", "/lake/dir/more");
            assertEquals(0, more.status(), more::err);
            s3.close();
            RunningCache.Run late = cache.tarn("persist", "--wait", "--timeout", "1s", "/lake/dir");
            assertTrue(late.status() != 0, late::out);
            assertTrue(late.err().contains("/lake/dir"), late::err);
        }
    }

    @Test
    void whatWasFlushedOutlastsAWriterThatFailsLater() throws Exception {
        try (StandaloneProcess process = process();
                TarnClient client = process.connect()) {
            client.mount("/lake", "s3://lake", S3Mounts.of(s3));
            client.makeDirectory("/lake/small", true, true, 0755);
            client.setQuota("/lake/small", null, 1_000L);
            FileWriter writer = client.create("/lake/small/file", BEHIND);
            writer.write(ByteBuffer.allocate(600));
            writer.flush(false);
            TarnException full = assertThrows(TarnException.class, () -> writer.write(ByteBuffer.allocate(600)));
            assertEquals(ErrorCode.QUOTA_EXCEEDED, full.code());
            assertThrows(TarnException.class, writer::close);
            await("the file to end where it was flushed", () -> lengthOf(client, "/lake/small/file") == 600);
        }
    }

    private static long lengthOf(TarnClient client, String path) throws TarnException {
        try {
            return client.status(path).lengthBytes();
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return -1;
            }
            throw e;
        }
    }
}
