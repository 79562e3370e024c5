package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.MountSettings;
import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Symbolic links as people make and use them. */
class LinkEndToEndTest {
    @TempDir
    Path directory;

    private Path store;
    private RunningCache cache;

    @BeforeEach
    void start() throws IOException {
        store = directory.resolve("store");
        Path may = Files.createDirectories(store.resolve("2026-05"));
        Files.writeString(may.resolve("part"), "may");
        cache = new RunningCache(directory.resolve("data"));
        cache.client().mount("/lake", "file://" + store, MountSettings.DEFAULT);
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    private String ok(String... arguments) {
        Run run = cache.tarn(arguments);
        assertEquals(0, run.status(), () -> String.join(" ", arguments) + ": " + run.err());
        return run.out();
    }

    @Test
    void aLinkIsReadWrittenListedMovedAndDeleted() throws IOException {
        assertEquals("/lake/now -> 2026-05\n", ok("fs", "ln", "-s", "2026-05", "/lake/now"));
        assertEquals("may", ok("fs", "cat", "/lake/now/part"));
        Run written = cache.tarn(
                "june".getBytes(StandardCharsets.UTF_8), "fs", "put", "-w", "CACHE_THROUGH", "-", "/lake/now/more");
        assertEquals(0, written.status(), written.err());
        assertEquals("june", Files.readString(store.resolve("2026-05/more")));
        String listed = ok("fs", "ls", "/lake");
        assertTrue(listed.lines().anyMatch(line -> line.startsWith("lrwx") && line.endsWith("now -> 2026-05")), listed);
        assertTrue(ok("fs", "ls", "/lake/now").contains("more"));
        assertTrue(ok("fs", "stat", "/lake/now").contains("SYMLINK"));
        ok("persist", "--wait", "/lake");
        assertFalse(Files.exists(store.resolve("now")), "no store holds links");
        cache.restart();
        ok("fs", "mv", "/lake/now", "/lake/then");
        assertEquals("may", ok("fs", "cat", "/lake/then/part"));
        ok("fs", "cp", "-r", "/lake", "/copy");
        assertEquals("may", ok("fs", "cat", "/copy/then/part"));
        ok("fs", "rm", "/lake/then");
        assertTrue(Files.exists(store.resolve("2026-05/part")));
        assertEquals(3, cache.tarn("fs", "cat", "/lake/then/part").status());
    }

    @Test
    void mistakesAreExplained() {
        assertEquals(2, cache.tarn("fs", "ln", "/lake", "/hard").status());
        ok("fs", "ln", "-s", "/b", "/a");
        ok("fs", "ln", "-s", "/a", "/b");
        Run circle = cache.tarn("fs", "cat", "/a/file");
        assertEquals(6, circle.status(), circle.err());
        assertTrue(circle.err().contains("circle"), circle.err());
        assertEquals(6, cache.tarn("fs", "ln", "-s", "x", "/a").status());
        assertEquals(3, cache.tarn("fs", "ln", "-s", "x", "/no/such/link").status());
        ok("fs", "ln", "-s", "--parents", "/nowhere", "/some/dangling");
        assertEquals(3, cache.tarn("fs", "cat", "/some/dangling").status());
    }
}
