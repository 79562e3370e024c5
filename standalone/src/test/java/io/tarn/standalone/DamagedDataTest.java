package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.standalone.RunningCache.Run;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of damage in cached data: nothing where a store has it, else the file and the place. */
class DamagedDataTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private final byte[] bytes = new byte[3 * MIB + 17];
    private RunningCache cache;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(bytes);
        cache = new RunningCache(directory.resolve("data"));
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    @Test
    void damageOfWhatAStoreHasIsRepaired() throws IOException {
        Path store = Files.createDirectories(directory.resolve("store"));
        Files.write(store.resolve("file"), bytes);
        ok("mount", "/lake", store.toUri().toString());
        assertArrayEquals(bytes, ok("fs", "cat", "/lake/file").bytes());
        flip(MIB + 5);
        assertArrayEquals(bytes, ok("fs", "cat", "/lake/file").bytes(), "found on the wire");
        flip(2 * MIB + 5);
        String table = ok("doctor", "data").out();
        assertTrue(table.contains("/lake/file") && table.contains("1 repaired, 0 dropped, 0 lost"), table);
        assertTrue(ok("doctor", "data", "/lake").out().contains("checked 4 cached pages of 1 files: 0 repaired"));
        assertArrayEquals(bytes, ok("fs", "cat", "/lake/file").bytes());
    }

    @Test
    void damageOfWhatOnlyTheCacheHasIsNamed() throws IOException {
        Path source = Files.write(directory.resolve("source"), bytes);
        ok("fs", "put", source.toString(), "/only");
        flip(2 * MIB + 5);
        Run found = cache.tarn("doctor", "data", "--output", "json", "/");
        assertEquals(8, found.status());
        assertTrue(found.out().contains("\"lostPages\":1,"), found.out());
        assertTrue(found.out().contains("\"lostOffsets\":[" + 2 * MIB + "]"), found.out());
        Run read = cache.tarn("fs", "cat", "/only");
        assertEquals(8, read.status());
        assertTrue(read.err().contains("/only") && read.err().contains("at offset " + 2 * MIB), read.err());
        cache.restart();
        assertEquals(8, cache.tarn("fs", "cat", "/only").status(), "not forgotten by a clean restart");
        assertEquals(3, cache.tarn("doctor", "data", "/no-such-file").status());
    }

    private Run ok(String... arguments) {
        Run run = cache.tarn(arguments);
        assertEquals(0, run.status(), run.err());
        return run;
    }

    /** In the only cached file. */
    private void flip(long offset) throws IOException {
        Path tier = cache.config(java.util.Map.of()).worker().tiers().memPaths().getFirst();
        try (Stream<Path> files = Files.walk(tier)) {
            List<Path> data =
                    files.filter(path -> path.toString().endsWith(".data")).toList();
            assertEquals(1, data.size());
            try (RandomAccessFile file = new RandomAccessFile(data.getFirst().toFile(), "rw")) {
                file.seek(offset);
                int old = file.read();
                file.seek(offset);
                file.write(old ^ 1);
            }
        }
    }
}
