package io.tarn.standalone.crash;

import io.tarn.master.checkpoint.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of bin/crash-test. */
@Timeout(600)
class CrashTest {
    private static final int KILLS = 20;
    private static final long SEED = 20261123;

    @TempDir
    Path directory;

    private Path memory;

    @BeforeEach
    void makeMemory() throws IOException {
        memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-test-");
    }

    @AfterEach
    void removeMemory() throws IOException {
        FileTree.delete(memory);
    }

    @Test
    void nothingAcknowledgedIsLostAndNothingDeletedComesBackWhereverTheProcessIsKilled() throws Exception {
        new CrashRun(new CrashSettings(directory, memory, SEED, KILLS, 6, 900, 10), line -> {}).run();
    }
}
