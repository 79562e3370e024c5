package io.tarn.standalone.history;

import io.tarn.master.checkpoint.FileTree;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The short form of bin/history-test. */
@Timeout(600)
class HistoryTest {
    private static final long SEED = 20261126;
    private static final Duration LENGTH = Duration.ofMinutes(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void whatClientsSeeCouldHaveBeenSeenOfOneCopyWhateverFails() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-history-");
        try {
            new HistoryRun(directory, memory, SEED, LENGTH, line -> {}).run();
        } finally {
            FileTree.delete(memory);
        }
    }
}
