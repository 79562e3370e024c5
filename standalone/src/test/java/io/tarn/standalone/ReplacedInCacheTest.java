package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that only the cache holds is replaced again and again, faster than workers report. */
class ReplacedInCacheTest {
    private static final int LENGTH = 15 << 20;
    private static final CreateOptions OPTIONS =
            CreateOptions.DEFAULT.withWriteType(WriteType.MUST_CACHE).withOverwrite(true);

    @TempDir
    Path directory;

    @Test
    void theRoomOfReplacedVersionsIsThereForTheNext() throws Exception {
        Map<String, String> settings = Map.of(
                "worker.tiers.mem.capacity", "40MiB",
                "worker.tiers.ssd.paths", "",
                "master.worker-heartbeat", "20s",
                "master.worker-timeout", "2m");
        try (RunningCache cache = new RunningCache(directory, settings)) {
            for (int i = 0; i < 12; i++) {
                write(cache, "/file", LENGTH);
            }
            write(cache, "/other", LENGTH);
            TarnException full = assertThrows(TarnException.class, () -> write(cache, "/third", LENGTH));
            assertEquals(ErrorCode.NO_SPACE, full.code());
            cache.client().delete("/file", false);
            write(cache, "/third", LENGTH);
        }
    }

    private static void write(RunningCache cache, String path, int lengthBytes) throws TarnException {
        try (FileWriter writer = cache.client().create(path, OPTIONS)) {
            writer.write(ByteBuffer.allocate(lengthBytes));
        }
    }
}
