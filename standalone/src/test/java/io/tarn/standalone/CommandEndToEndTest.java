package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people type, against a running cache with a mounted local directory. Each test works below a directory of its own. */
class CommandEndToEndTest {
    @TempDir
    static Path directory;

    private static RunningCache cache;
    private static Path store;

    @TempDir
    Path local;

    @BeforeAll
    static void start() throws IOException {
        store = Files.createDirectories(directory.resolve("store"));
        cache = new RunningCache(directory.resolve("data"));
        ok("mount", "/lake", store.toUri().toString(), "--write-type", "CACHE_THROUGH");
    }

    @AfterAll
    static void stop() {
        cache.close();
    }

    @Test
    void bytesGoInAndOutUnchanged() throws Exception {
        byte[] bytes = random(3 * (1 << 20) + 17);
        Path source = Files.write(local.resolve("source.bin"), bytes);
        ok("fs", "mkdir", "/lake/bytes");
        ok("fs", "put", source.toString(), "/lake/bytes/");
        assertArrayEquals(bytes, Files.readAllBytes(store.resolve("bytes/source.bin")), "/lake is written through");
        assertArrayEquals(bytes, ok("fs", "cat", "/lake/bytes/source.bin").bytes());
        ok("fs", "get", "/lake/bytes/source.bin", local.resolve("copy.bin").toString());
        assertArrayEquals(bytes, Files.readAllBytes(local.resolve("copy.bin")));
        assertEquals(
                6,
                cache.tarn(
                                "fs",
                                "get",
                                "/lake/bytes/source.bin",
                                local.resolve("copy.bin").toString())
                        .status());
        String sha =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertTrue(ok("fs", "checksum", "--algorithm", "sha256", "/lake/bytes/source.bin")
                .out()
                .contains(sha));
    }

    @Test
    void headAndTailReadNoMoreThanTheyMust() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 30_000; i++) {
            lines.append("line ").append(i).append('\n');
        }
        put("/lake/lines/text", lines.toString());
        assertEquals(
                "line 1\nline 2\n",
                ok("fs", "head", "-n", "2", "/lake/lines/text").out());
        assertEquals(
                "line", ok("fs", "head", "--bytes", "4", "/lake/lines/text").out());
        assertEquals(
                "line 29999\nline 30000\n",
                ok("fs", "tail", "-n", "2", "/lake/lines/text").out());
        assertEquals(
                "30000\n", ok("fs", "tail", "--bytes", "6", "/lake/lines/text").out());
        assertEquals(
                lines.toString(),
                ok("fs", "tail", "-n", "99999", "/lake/lines/text").out());
    }

    @Test
    void directoriesAreCopiedWhole() throws IOException {
        Path tree = local.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.createDirectories(tree.resolve("empty"));
        Files.writeString(tree.resolve("a/b/deep file.txt"), "deep");
        Files.writeString(tree.resolve("top+ü%.txt"), "top");
        ok("fs", "put", "--recursive", tree.toString(), "/lake/trees");
        assertEquals("deep", Files.readString(store.resolve("trees/a/b/deep file.txt")));
        ok("fs", "get", "--recursive", "/lake/trees", local.resolve("back").toString());
        assertEquals("deep", Files.readString(local.resolve("back/a/b/deep file.txt")));
        assertEquals("top", Files.readString(local.resolve("back/top+ü%.txt")));
        ok("fs", "cp", "--recursive", "/lake/trees", "/owned-copy");
        assertEquals("deep", ok("fs", "cat", "/owned-copy/a/b/deep file.txt").out());
        String drawn = ok("fs", "tree", "/lake/trees").out();
        assertTrue(drawn.contains("│   └── b/") && drawn.contains("└── deep file.txt  4 B"), drawn);
        String sums = ok("fs", "du", "--output", "json", "/lake/trees").out();
        assertTrue(sums.contains("\"lengthBytes\":7,") && sums.contains("\"files\":2,"), sums);
    }

    @Test
    void namesMoveAndGo() throws IOException {
        put("/lake/moves/one", "1");
        ok("fs", "mv", "/lake/moves/one", "/lake/moves/two");
        assertTrue(Files.exists(store.resolve("moves/two")));
        assertEquals(3, cache.tarn("fs", "stat", "/lake/moves/one").status());
        assertEquals(6, cache.tarn("fs", "rm", "/lake/moves").status(), "a directory that is not empty");
        ok("fs", "rm", "--recursive", "/lake/moves");
        assertFalse(Files.exists(store.resolve("moves")));
        assertEquals(3, cache.tarn("fs", "rm", "/lake/moves").status());
        ok("fs", "rm", "--force", "/lake/moves");
    }

    @Test
    void listingsShowWhatIsThere() throws IOException {
        put("/lake/lists/a", "12345");
        ok("fs", "mkdir", "/lake/lists/b");
        String table = ok("fs", "ls", "/lake/lists").out();
        assertTrue(
                table.lines().findFirst().orElse("").matches("MODE +OWNER +GROUP +LENGTH +MODIFIED +STATE +NAME"),
                table);
        assertTrue(table.lines().anyMatch(line -> line.matches("-rw.* 5 B .*persisted +a")), table);
        String json = ok("fs", "ls", "-o", "json", "/lake/lists").out();
        assertTrue(json.startsWith("[\n{\"mode\":\"0") && json.endsWith("}\n]\n"), json);
        assertEquals("[]\n", ok("fs", "ls", "-o", "json", "/lake/lists/b").out());
        Run some = cache.tarn("fs", "ls", "/lake/lists", "/lake/nothing");
        assertEquals(3, some.status());
        assertTrue(some.err().startsWith("tarn: ") && some.err().contains("/lake/nothing"), some.err());
        assertTrue(some.out().contains("/lake/lists/a"), "the other path is listed: " + some.out());
    }

    @Test
    void permissionsAreChangedAndChecked() throws IOException {
        ok("fs", "mkdir", "/private");
        put("/private/file", "x");
        ok("fs", "chmod", "600", "/private/file");
        assertTrue(ok("fs", "ls", "/private").out().contains("-rw-------"));
        Run denied = cache.tarn("--user", "mallory", "fs", "cat", "/private/file");
        assertEquals(4, denied.status(), denied.err());
        ok("fs", "chmod", "go+r", "/private/file");
        ok("fs", "chown", "ana:analysts", "/private/file");
        assertTrue(ok("fs", "stat", "/private/file").out().contains("analysts"));
        assertEquals(
                0, cache.tarn("--user", "mallory", "fs", "cat", "/private/file").status());
    }

    @Test
    void loadIsResumableAndFreeDropsOnlyTheCache() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.createDirectories(store.resolve("cold"));
            Files.write(store.resolve("cold/part-" + i), random(1 << 20));
        }
        String first = ok("load", "--output", "json", "/lake/cold").out();
        assertTrue(first.contains("\"files\":5,\"lengthBytes\":5242880,\"fetchedBytes\":5242880,"), first);
        String second = ok("load", "--output", "json", "/lake/cold").out();
        assertTrue(second.contains("\"fetchedBytes\":0,"), second);
        assertTrue(ok("fs", "stat", "/lake/cold/part-0").out().contains("MEM 1.0 MiB"));
        String freed =
                ok("free", "--recursive", "--output", "json", "/lake/cold").out();
        assertTrue(freed.contains("\"freedBytes\":5242880,"), freed);
        assertTrue(Files.exists(store.resolve("cold/part-0")), "the store keeps it");
        assertTrue(ok("load", "-o", "json", "/lake/cold").out().contains("\"fetchedBytes\":5242880,"));
    }

    @Test
    void syncFindsWhatChangedBehindTheCache() throws IOException {
        Files.createDirectories(store.resolve("behind"));
        ok("fs", "ls", "/lake/behind");
        Files.writeString(store.resolve("behind/new"), "new");
        ok("sync", "/lake/behind");
        assertEquals("new", ok("fs", "cat", "/lake/behind/new").out());
    }

    @Test
    void infoAndMountsTellTheWholeStory() {
        String info = ok("info").out();
        for (String word : new String[] {"HIT RATIO", "CAPACITY", "MEM", "SSD", "alive", "/lake", "UNDER STORE READ"}) {
            assertTrue(info.contains(word), word + " in " + info);
        }
        String json = ok("info", "--output", "json").out();
        assertTrue(json.contains("\"workers\":[{\"id\":") && json.contains("\"tiers\":[{\"name\":"), json);
        assertTrue(ok("mounts").out().contains(store.toUri().getPath().replaceAll("/$", "")));
        assertEquals(ok("mounts").out(), ok("mount").out());
    }

    @Test
    void touchMakesAndDates() {
        ok("fs", "touch", "/lake/flag");
        assertTrue(Files.exists(store.resolve("flag")));
        ok("fs", "touch", "/lake/flag");
        assertEquals("", ok("fs", "cat", "/lake/flag").out());
    }

    @Test
    void mountedAndUnmounted() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other"));
        Files.writeString(other.resolve("x"), "x");
        ok("mount", "/other", other.toUri().toString(), "--read-only", "--sync-interval", "never");
        assertEquals(4, cache.tarn(new byte[1], "fs", "put", "-", "/other/y").status());
        assertTrue(ok("mounts").out().lines().anyMatch(line -> line.matches("/other .*read-only +never.*")));
        ok("unmount", "/other");
        assertEquals(3, cache.tarn("fs", "cat", "/other/x").status());
        assertTrue(Files.exists(other.resolve("x")));
    }

    private static void put(String path, String text) {
        Run run = cache.tarn(text.getBytes(StandardCharsets.UTF_8), "fs", "put", "--force", "-", path);
        assertEquals(0, run.status(), run.err());
    }

    private static Run ok(String... arguments) {
        Run run = cache.tarn(arguments);
        assertEquals(0, run.status(), String.join(" ", arguments) + ": " + run.err());
        return run;
    }

    private static byte[] random(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(lengthBytes).nextBytes(bytes);
        return bytes;
    }
}
