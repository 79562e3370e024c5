package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.FileReader;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times to live, as people set them, with the seconds of a real clock. */
class TtlEndToEndTest {
    @TempDir
    Path directory;

    private Path store;
    private RunningCache cache;

    @BeforeEach
    void start() throws IOException {
        store = Files.createDirectories(directory.resolve("store"));
        cache = new RunningCache(
                directory.resolve("data"), Map.of("master.ttl-interval", "200ms", "master.worker-heartbeat", "200ms"));
        cache.client().mount("/lake", "file://" + store, MountSettings.DEFAULT);
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    private Run ok(String... arguments) {
        Run run = cache.tarn(arguments);
        assertEquals(0, run.status(), () -> String.join(" ", arguments) + ": " + run.err());
        return run;
    }

    private void put(String path, int lengthBytes) {
        assertEquals(
                0,
                cache.tarn(new byte[lengthBytes], "fs", "put", "-w", "CACHE_THROUGH", "-", path)
                        .status());
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "waited in vain for: " + what);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private boolean isCached(String path) throws IOException {
        try (FileReader reader = cache.client().open(path, OpenOptions.DEFAULT)) {
            return reader.residency().values().stream().anyMatch(bytes -> bytes > 0);
        }
    }

    @Test
    void filesAreDeletedInTheStoreToo() throws Exception {
        put("/lake/logs/old", 10);
        put("/lake/logs/kept/file", 10);
        ok("ttl", "/lake/logs/kept", "9d");
        String set = ok("ttl", "/lake/logs", "2s", "--action", "delete").out();
        assertEquals("/lake/logs: delete 2s after the last change\n", set);
        assertEquals(
                "/lake/logs/old: delete 2s after the last change, as /lake/logs says\n",
                ok("ttl", "/lake/logs/old").out());
        assertTrue(ok("ttl", "-o", "json", "/lake/logs/kept/file")
                .out()
                .contains("\"lifetime\":\"9d\",\"action\":\"free\""));
        cache.restart();
        await("the file to go", () -> !Files.exists(store.resolve("logs/old")));
        assertEquals(3, cache.tarn("fs", "stat", "/lake/logs/old").status());
        assertTrue(Files.exists(store.resolve("logs/kept/file")));
        assertEquals(
                "/lake/logs: no time to live\n",
                ok("ttl", "/lake/logs", "--unset").out());
    }

    @Test
    void pagesAreFreedWhereTheStoreHasThem() throws Exception {
        put("/lake/hot/file", 3 << 20);
        cache.tarn(new byte[100], "fs", "put", "-w", "MUST_CACHE", "-", "/lake/hot/cache-only");
        assertTrue(isCached("/lake/hot/file"));
        ok("ttl", "/lake/hot", "1s");
        await("the pages to go", () -> !isCached("/lake/hot/file"));
        assertEquals(3 << 20, ok("fs", "cat", "/lake/hot/file").bytes().length);
        assertTrue(isCached("/lake/hot/cache-only"), "nothing else has it");
        assertEquals(100, ok("fs", "cat", "/lake/hot/cache-only").bytes().length);
        assertFalse(Files.exists(store.resolve("hot/cache-only")));
    }

    @Test
    void mistakesAreExplained() {
        put("/lake/file", 1);
        assertEquals(3, cache.tarn("ttl", "/lake/nothing", "7d").status());
        Run wrong = cache.tarn("ttl", "/lake/file", "soon");
        assertEquals(2, wrong.status());
        assertTrue(wrong.err().contains("soon"), wrong.err());
        assertEquals(2, cache.tarn("ttl", "/lake/file", "7d", "--unset").status());
        assertEquals(
                2, cache.tarn("ttl", "/lake/file", "7d", "--action", "burn").status());
    }
}
