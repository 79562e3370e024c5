package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Others fill the disk below the only tier: what must be cached is refused, what the store has is served past the cache, and all is well once there is room. */
class FullTierTest {
    private static final int LENGTH = 24 << 20;

    @TempDir
    Path directory;

    @Test
    void readsGoOnAndWritesIntoTheCacheAreRefused() throws Exception {
        byte[] content = new byte[LENGTH];
        new Random(1).nextBytes(content);
        Files.createDirectories(directory.resolve("store"));
        Files.write(directory.resolve("store/file"), content);
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "size=48m");
                RunningCache cache = new RunningCache(directory.resolve("data"), tierOn(disk))) {
            cache.client().mount("/lake", "file://" + directory.resolve("store"), MountSettings.DEFAULT);
            Path foreign = disk.fill(44);
            Mistake mistake = new Mistake(
                    ErrorCode.NO_SPACE,
                    7,
                    client -> write(client, content),
                    "fs",
                    "cp",
                    "--write-type",
                    "MUST_CACHE",
                    "/lake/file",
                    "/copy");
            mistake.check(cache);
            assertArrayEquals(content, cache.tarn("fs", "cat", "/lake/file").bytes(), "served past the cache");
            assertEquals(
                    0,
                    cache.tarn(content, "fs", "put", "-w", "THROUGH", "-", "/lake/written")
                            .status());
            assertArrayEquals(content, Files.readAllBytes(directory.resolve("store/written")));
            Files.delete(foreign);
            awaitSuccess(cache, mistake.command());
            assertArrayEquals(content, cache.tarn("fs", "cat", "/copy").bytes());
        }
    }

    /** The worker notices now and then how much room there is. */
    private static void awaitSuccess(RunningCache cache, String... command) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        for (Run run = cache.tarn(command); run.status() != 0; run = cache.tarn(command)) {
            String told = run.err();
            assertTrue(System.nanoTime() < end, () -> "there is room again, but: " + told);
        }
    }

    private static Map<String, String> tierOn(SmallDisk disk) {
        return Map.of(
                "worker.tiers.mem.paths",
                disk.directory().resolve("tier").toString(),
                "worker.tiers.mem.capacity",
                "40MiB",
                "worker.tiers.ssd.paths",
                "");
    }

    private static void write(TarnClient client, byte[] content) throws IOException {
        FileWriter writer = client.create("/refused", CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE));
        try {
            writer.write(ByteBuffer.wrap(content));
            writer.close();
        } catch (IOException e) {
            writer.abort();
            throw e;
        }
    }
}
