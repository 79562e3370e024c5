package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClusterInfo;
import io.tarn.client.TarnClient;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup of one cluster becomes another one on a real etcd, whose other masters take the state of the one that was restored. */
@Timeout(120)
class EtcdRestoreTest {
    private static final int EARLY = 30;
    private static final int LATE = 40;

    @TempDir
    Path directory;

    private Path backup;
    private EtcdCluster etcd;
    private ClusterInfo lost;

    @BeforeEach
    void loseACluster() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        backup = directory.resolve("backup");
        etcd = EtcdCluster.start(directory.resolve("etcd"), 1);
        try (MasterGroup old = group("old", "/tarn/old/", 1);
                TarnClient client = old.connect()) {
            old.startAll();
            for (int i = 0; i < EARLY; i++) {
                client.makeDirectory("/early-" + i, false, true, 0751);
            }
            assertEquals(0, old.tarn("backup", backup.toString()).status());
            for (int i = 0; i < LATE; i++) {
                client.makeDirectory("/late-" + i, false, true, 0755);
            }
            lost = client.clusterInfo();
        }
    }

    @AfterEach
    void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    private MasterGroup group(String name, String prefix, int size) throws Exception {
        return new MasterGroup(
                directory.resolve(name),
                etcd,
                size,
                Map.of("master.etcd.prefix", prefix, "master.checkpoint.interval", "1s"));
    }

    @Test
    void aBackupBecomesAClusterOnANewPrefix() throws Exception {
        try (MasterGroup restored = group("new", "/tarn/new/", 2);
                TarnClient client = restored.connect()) {
            assertEquals(0, restore(restored).status());
            // A directory that is left from the lost cluster, and further on than the backup.
            Files.createDirectories(directory.resolve("new"));
            Files.move(directory.resolve("old/master-0"), restored.directory(1));
            restored.start(0);
            check(client);
            restored.start(1);
            MasterGroup.await(() -> restored.isUpToDate(client, 1));
            client.makeDirectory("/new", false, true, 0755);
            client.transferLeadership(restored.addresses().get(1));
            MasterGroup.await(() -> restored.leads(1));
            check(client);
            assertEquals("/new", client.status("/new").path());
            restored.stop(0);
            restored.stop(1);
            restored.startAll();
            check(client);
            assertEquals("/new", client.status("/new").path());
        }
    }

    private void check(TarnClient client) throws Exception {
        ClusterInfo info = client.clusterInfo();
        assertEquals(lost.clusterId(), info.clusterId());
        assertTrue(info.epoch() > lost.epoch() + 1_000_000, "workers have seen those up to " + lost.epoch());
        for (int i = 0; i < EARLY; i++) {
            assertEquals(0751, client.status("/early-" + i).mode());
        }
        for (int i = 0; i < LATE; i++) {
            assertNull(client.statusOrNull("/late-" + i));
        }
    }

    @Test
    void aPrefixThatIsUsedIsRefusedBeforeAnythingIsChanged() throws Exception {
        try (MasterGroup used = group("used", "/tarn/old/", 1)) {
            RunningCache.Run refused = restore(used);
            assertNotEquals(0, refused.status());
            assertTrue(refused.err().contains("keys below /tarn/old/ already"), refused.err());
            assertTrue(refused.err().contains("master.etcd.prefix"), refused.err());
            assertFalse(Files.exists(used.directory(0)));
        }
        try (MasterGroup once = group("once", "/tarn/once/", 1)) {
            assertEquals(0, restore(once).status());
            assertNotEquals(0, restore(once).status());
        }
    }

    private RunningCache.Run restore(MasterGroup group) throws Exception {
        return group.tarn(
                "restore", backup.toString(), "--config", group.settingsFile(0).toString());
    }
}
