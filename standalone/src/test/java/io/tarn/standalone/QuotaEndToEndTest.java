package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotas, as people set them and run into them. */
class QuotaEndToEndTest {
    private static final int OVER_A_BOUND = 7;

    @TempDir
    Path directory;

    private RunningCache cache;

    @BeforeEach
    void start() throws IOException {
        cache = new RunningCache(directory.resolve("data"));
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

    private Run put(String path, int lengthBytes) {
        return cache.tarn(new byte[lengthBytes], "fs", "put", "-", path);
    }

    private void assertRefused(Run run, String directory) {
        assertEquals(OVER_A_BOUND, run.status(), run.err());
        assertTrue(run.err().contains("quota") && run.err().contains(directory), run.err());
    }

    @Test
    void whatDoesNotFitIsRefusedAndWhatIsDeletedMakesRoom() throws IOException {
        ok("fs", "mkdir", "/scratch");
        ok("quota", "set", "/scratch", "--bytes", "3MiB", "--inodes", "3");
        assertEquals(0, put("/scratch/a", 2 << 20).status());
        assertRefused(put("/scratch/b", (1 << 20) + 1), "/scratch");
        assertEquals(3, cache.tarn("fs", "stat", "/scratch/b").status(), "nothing of it is there");
        assertEquals(0, put("/scratch/b", 1 << 20).status());
        ok("fs", "mkdir", "/scratch/c");
        assertRefused(cache.tarn("fs", "mkdir", "/scratch/d"), "/scratch");
        assertRefused(put("/scratch/c/e", 0), "/scratch");
        cache.restart();
        assertRefused(cache.tarn("fs", "mkdir", "/scratch/d"), "/scratch");
        String shown = ok("quota", "show", "/scratch/c").out();
        assertTrue(shown.contains("3.0 MiB") && shown.lines().count() == 3, shown);
        String json = ok("quota", "show", "--output", "json").out();
        assertTrue(json.contains("\"maxInodes\":3,\"usedInodes\":3,\"maxBytes\":3145728,\"usedBytes\":3145728"), json);
        ok("fs", "rm", "--recursive", "/scratch/a");
        assertEquals(0, put("/scratch/d", 2 << 20).status());
        String cleared = ok("quota", "clear", "/scratch").out();
        assertEquals("/scratch: no quota\n", cleared);
        assertEquals(0, put("/scratch/f", 5 << 20).status());
    }

    @Test
    void mistakesAreExplained() {
        Run nothing = cache.tarn("quota", "set", "/");
        assertEquals(2, nothing.status());
        assertTrue(nothing.err().contains("--bytes"), nothing.err());
        assertEquals(3, cache.tarn("quota", "set", "/nothing", "--inodes", "1").status());
        assertEquals(2, cache.tarn("quota", "set", "/", "--inodes", "-1").status());
        put("/file", 1);
        assertEquals(6, cache.tarn("quota", "set", "/file", "--inodes", "1").status());
        Run user = cache.tarn("quota", "set", "/", "--inodes", "1", "--user", "somebody");
        assertEquals(4, user.status(), user.err());
        assertTrue(user.err().contains("superuser"), new String(user.bytes(), StandardCharsets.UTF_8) + user.err());
    }
}
