package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.protocol.error.TarnException;
import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two mounts share a cache of 24 MiB: what one keeps while the other reads four times the cache. */
@Timeout(180)
class CacheQuotaTest {
    private static final int MIB = 1 << 20;
    private static final int OURS = 8;
    private static final int THEIRS = 96;

    @TempDir
    Path directory;

    @BeforeEach
    void fillStores() throws IOException {
        for (String store : List.of("ours", "theirs")) {
            Files.createDirectories(directory.resolve(store));
            for (int i = 0; i < (store.equals("ours") ? OURS : THEIRS) / 4; i++) {
                byte[] content = new byte[4 * MIB];
                new Random(i).nextBytes(content);
                Files.write(directory.resolve(store).resolve("" + i), content);
            }
        }
    }

    private RunningCache start(String... options) throws IOException {
        RunningCache cache = new RunningCache(
                directory.resolve("data"), Map.of("worker.tiers.mem.capacity", "24MiB", "worker.tiers.ssd.paths", ""));
        mount(cache, "ours", options);
        mount(cache, "theirs");
        return cache;
    }

    private void mount(RunningCache cache, String store, String... options) {
        List<String> command = new ArrayList<>(List.of("mount", "/" + store, "file://" + directory.resolve(store)));
        command.addAll(Arrays.asList(options));
        Run run = cache.tarn(command.toArray(String[]::new));
        assertEquals(0, run.status(), run::err);
    }

    /** Reads all files of a mount. @return bytes that its store was asked for */
    private static long pass(RunningCache cache, String mount, int mebibytes) throws IOException {
        long before = cache.underStoreReadBytes();
        for (int i = 0; i < mebibytes / 4; i++) {
            read(cache, "/" + mount + "/" + i);
        }
        return cache.underStoreReadBytes() - before;
    }

    private static void read(RunningCache cache, String path) throws TarnException {
        try (FileReader reader = cache.client().open(path, OpenOptions.DEFAULT)) {
            ByteBuffer buffer = ByteBuffer.allocate(MIB);
            for (long at = 0; reader.read(at, buffer.clear()) > 0; at += buffer.position()) {
                assertTrue(buffer.position() > 0);
            }
        }
    }

    @Test
    void withoutAGuaranteeANeighboursScanCostsUsOurs() throws Exception {
        try (RunningCache cache = start()) {
            assertEquals(OURS * MIB, pass(cache, "ours", OURS));
            assertEquals(THEIRS * MIB, pass(cache, "theirs", THEIRS));
            assertTrue(pass(cache, "ours", OURS) > 0);
        }
    }

    @Test
    void whatIsGuaranteedIsFetchedOnce() throws Exception {
        try (RunningCache cache = start("--cache-guarantee", "9MiB")) {
            assertEquals(OURS * MIB, pass(cache, "ours", OURS));
            assertEquals(THEIRS * MIB, pass(cache, "theirs", THEIRS));
            assertEquals(0, pass(cache, "ours", OURS));
            cache.restart();
            pass(cache, "theirs", THEIRS);
            assertEquals(0, pass(cache, "ours", OURS), "over a restart");
            Run mounts = cache.tarn("mount");
            assertTrue(mounts.out().contains("at least 9.0 MiB"), mounts::out);
        }
    }

    @Test
    void aMountWithALimitLeavesTheRestToOthers() throws Exception {
        try (RunningCache cache = start()) {
            Run unmount = cache.tarn("unmount", "/theirs");
            assertEquals(0, unmount.status(), unmount::err);
            mount(cache, "theirs", "--cache-limit", "12MiB");
            assertEquals(OURS * MIB, pass(cache, "ours", OURS));
            pass(cache, "theirs", THEIRS);
            assertEquals(0, pass(cache, "ours", OURS));
        }
    }

    @Test
    void whoHasLessPriorityScansAmongItself() throws Exception {
        try (RunningCache cache = start("--cache-priority", "6")) {
            pass(cache, "ours", OURS);
            pass(cache, "theirs", THEIRS);
            assertEquals(0, pass(cache, "ours", OURS));
        }
    }

    @Test
    void quotasThatMakeNoSenseAreRefused() throws Exception {
        try (RunningCache cache = start()) {
            String store = "file://" + directory.resolve("ours");
            Run priority = cache.tarn("mount", "/more", store, "--cache-priority", "12");
            assertNotEquals(0, priority.status());
            assertTrue(priority.err().contains("1 to 9"), priority::err);
            Run limit = cache.tarn("mount", "/more", store, "--cache-limit", "1MiB", "--cache-guarantee", "2MiB");
            assertNotEquals(0, limit.status());
            assertTrue(limit.err().contains("limit"), limit::err);
        }
    }
}
