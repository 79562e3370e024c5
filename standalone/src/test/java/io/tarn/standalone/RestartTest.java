package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.MountSettings;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stopping and starting on the same directories. */
class RestartTest {
    @TempDir
    Path directory;

    private RunningCache cache;
    private Path store;

    @BeforeEach
    void start() throws IOException {
        store = Files.createDirectories(directory.resolve("store"));
        cache = new RunningCache(directory.resolve("data"));
        cache.client().mount("/lake", "file://" + store, MountSettings.DEFAULT);
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    @Test
    void whatWasCachedIsNotFetchedAgain() throws IOException {
        byte[] bytes = new byte[8 << 20];
        new Random(1).nextBytes(bytes);
        Files.write(store.resolve("big"), bytes);
        assertArrayEquals(bytes, cache.tarn("fs", "cat", "/lake/big").bytes());
        assertEquals(bytes.length, cache.underStoreReadBytes());
        cache.restart();
        assertArrayEquals(bytes, cache.tarn("fs", "cat", "/lake/big").bytes());
        assertEquals(0, cache.underStoreReadBytes());
    }

    @Test
    void whatOnlyTheCacheHoldsIsStillThere() throws IOException {
        byte[] bytes = new byte[(3 << 20) + 5];
        new Random(2).nextBytes(bytes);
        assertEquals(0, cache.tarn(bytes, "fs", "put", "-", "/owned/deep/file").status());
        assertEquals(0, cache.tarn("fs", "chmod", "640", "/owned/deep/file").status());
        cache.restart();
        assertArrayEquals(bytes, cache.tarn("fs", "cat", "/owned/deep/file").bytes());
        assertEquals(0640, cache.client().status("/owned/deep/file").mode());
        assertEquals(1, cache.client().mounts().size());
    }

    @Test
    void aSecondServerOnTheSameDirectoryIsRefused() {
        TarnException e = assertThrows(TarnException.class, () -> StandaloneServer.start(cache.config(Map.of())));
        assertTrue(String.valueOf(e.getMessage()).contains("is in use by process"), e.getMessage());
    }

    @Test
    void aNewClusterDoesNotGetTheWorkerOfOneThatWasLost() throws IOException {
        Path master = directory.resolve("data/master");
        Path away = directory.resolve("data/away");
        TarnException e = assertThrows(TarnException.class, () -> cache.restart(() -> Files.move(master, away)));
        assertTrue(String.valueOf(e.getMessage()).contains("holds pages of cluster"), e.getMessage());
        cache.restart(() -> {
            Files.move(master, directory.resolve("data/new"));
            Files.move(away, master);
        });
        assertEquals(1, cache.client().mounts().size());
    }
}
