package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.MountSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tarn backup} and {@code tarn restore}, with a worker whose cache outlives the loss of the master's directory. */
class BackupRestoreTest {
    @TempDir
    Path directory;

    private RunningCache cache;
    private Path backup;
    private Path master;

    @BeforeEach
    void start() throws IOException {
        cache = new RunningCache(directory.resolve("data"));
        master = directory.resolve("data/master");
        backup = directory.resolve("backup");
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    @Test
    void whatWasAcknowledgedBeforeTheBackupIsThereAndTheWorkersPagesAreMatched() throws IOException {
        byte[] bytes = new byte[(2 << 20) + 5];
        new Random(3).nextBytes(bytes);
        Path store = Files.createDirectories(directory.resolve("store"));
        Files.writeString(store.resolve("stored"), "in the store");
        cache.client().mount("/lake", "file://" + store, MountSettings.DEFAULT);
        ok(bytes, "fs", "put", "-", "/owned/before");
        ok("fs", "chmod", "640", "/owned/before");
        String told = ok("backup", "--output", "json", backup.toString()).out();
        assertTrue(told.contains("\"clusterId\"") && told.contains("\"sequence\""), told);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)));
        long epoch = cache.client().clusterInfo().epoch();
        String cluster = cache.client().clusterInfo().clusterId();
        ok(bytes, "fs", "put", "-", "/owned/after");
        cache.restart();

        assertEquals(5, restore().status(), "a master uses the directory");
        cache.restart(() -> {
            assertNotEquals(
                    0,
                    cache.tarn("restore", backup.toString(), "--directory", master.toString())
                            .status());
            assertEquals(0, restore().status());
        });
        assertTrue(cache.client().clusterInfo().epoch() > epoch + 1, "workers have seen that one");
        assertEquals(cluster, cache.client().clusterInfo().clusterId());
        assertArrayEquals(bytes, ok("fs", "cat", "/owned/before").bytes());
        assertEquals(0640, cache.client().status("/owned/before").mode());
        assertNull(cache.client().statusOrNull("/owned/after"));
        assertEquals("in the store", ok("fs", "cat", "/lake/stored").out());
        ok("new".getBytes(), "fs", "put", "-", "/owned/after");
        assertEquals("new", ok("fs", "cat", "/owned/after").out());
        cache.restart();
        assertEquals("new", ok("fs", "cat", "/owned/after").out());
    }

    @Test
    void mistakesAreRefusedBeforeAnythingIsChanged() throws IOException {
        ok("backup", backup.toString());
        assertNotEquals(0, cache.tarn("backup", backup.toString()).status(), "it exists");
        ok("backup", "--force", backup.toString());
        assertNotEquals(0, cache.tarn("--user", "eve", "backup", backup + "-2").status(), "not the superuser");
        assertTrue(Files.notExists(Path.of(backup + "-2")));
        assertTrue(ok("restore", "--check", backup.toString()).out().contains("is whole"));
        assertTrue(restore(directory.resolve("data")).err().contains("name the master's, " + master));
        byte[] damaged = Files.readAllBytes(backup);
        damaged[damaged.length / 2] ^= 1;
        Files.write(backup, damaged);
        Path fresh = directory.resolve("fresh");
        RunningCache.Run refused = restore(fresh);
        assertTrue(refused.err().contains(backup + ", offset "), refused.err());
        assertTrue(Files.notExists(fresh));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.toString().endsWith(".partial")).toList());
        }
    }

    private RunningCache.Run restore() {
        return restore(master);
    }

    private RunningCache.Run restore(Path target) {
        return cache.tarn("restore", backup.toString(), "--directory", target.toString(), "--force");
    }

    private RunningCache.Run ok(String... arguments) {
        return ok(new byte[0], arguments);
    }

    private RunningCache.Run ok(byte[] input, String... arguments) {
        RunningCache.Run run = cache.tarn(input, arguments);
        assertEquals(0, run.status(), run.err());
        return run;
    }
}
