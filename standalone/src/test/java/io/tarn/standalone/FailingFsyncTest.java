package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes writes and fails when it has to keep them: a file system in a file that has no room behind it. */
@Timeout(120)
class FailingFsyncTest {
    private static final CreateOptions DURABLE =
            CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE).withDurable(true);

    private final byte[] content = new byte[24 << 20];

    @TempDir
    Path directory;

    @Test
    void aDurableFileIsNotAcknowledgedAndAllElseGoesOn() throws Exception {
        new Random(5).nextBytes(content);
        Path tier = directory.resolve("tier");
        try (SmallDisk behind = SmallDisk.mount(directory.resolve("behind"), "size=16m");
                SmallDisk disk = SmallDisk.mountFile(behind.directory().resolve("image"), 64, tier);
                RunningCache cache = new RunningCache(directory.resolve("data"), ssdOn(disk))) {
            TarnException refused = assertThrows(TarnException.class, () -> write(cache, "/durable"));
            assertEquals(ErrorCode.UNAVAILABLE, refused.code(), refused::getMessage);
            assertTrue(String.valueOf(refused.getMessage()).contains("fsync"), refused::getMessage);
            assertNull(cache.client().statusOrNull("/durable"));
            assertEquals(
                    0, cache.tarn(content, "fs", "put", "-", "/not-durable").status());
            assertArrayEquals(content, cache.tarn("fs", "cat", "/not-durable").bytes());
        }
    }

    private void write(RunningCache cache, String path) throws TarnException {
        FileWriter writer = cache.client().create(path, DURABLE);
        try {
            writer.write(ByteBuffer.wrap(content));
            writer.close();
        } catch (TarnException e) {
            writer.abort();
            throw e;
        }
    }

    private static Map<String, String> ssdOn(SmallDisk disk) throws Exception {
        Path tier = Files.createDirectories(disk.directory().resolve("ssd"));
        return Map.of("worker.tiers.ssd.paths", tier.toString(), "worker.tiers.ssd.capacity", "48MiB");
    }
}
