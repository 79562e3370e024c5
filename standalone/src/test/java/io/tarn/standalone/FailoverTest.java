package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.MasterState;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.master.checkpoint.FileTree;
import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.testing.etcd.EtcdCluster;
import io.tarn.understore.UnderStores;
import io.tarn.worker.Worker;
import io.tarn.worker.WorkerSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three masters on a real etcd, and a worker, in this process: what one leader acknowledged, the next one has. */
@Timeout(120)
class FailoverTest {
    private static final int MASTERS = 3;

    @TempDir
    Path directory;

    private final byte[] content = new byte[3 << 20];
    private EtcdCluster etcd;
    private MasterGroup masters;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        new Random(1).nextBytes(content);
        etcd = EtcdCluster.start(directory.resolve("etcd"), 1);
        masters = new MasterGroup(directory, etcd, MASTERS, Map.of("master.checkpoint.interval", "1s"));
        masters.startAll();
    }

    @AfterEach
    void stop() {
        if (masters != null) {
            masters.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    private Worker worker() throws IOException {
        WorkerSettings settings = ConfigLoader.ofDefaults()
                .withOverrides(Map.of(
                        "worker.directory", directory.resolve("worker").toString(),
                        "worker.host", "localhost",
                        "worker.bind-host", "127.0.0.1",
                        "worker.data-port", "0",
                        "worker.masters", String.join(",", masters.addresses()),
                        "worker.socket-path", "",
                        "worker.tiers.mem.paths", directory.resolve("mem").toString(),
                        "worker.tiers.mem.capacity", "64MiB",
                        "worker.tiers.ssd.paths", ""))
                .load(WorkerSettings.class);
        return Worker.start(settings.worker(), UnderStores.load(), new SimpleMeterRegistry(), InstantSource.system());
    }

    @Test
    void whatOneLeaderAcknowledgedTheNextOnesHave() throws Exception {
        try (Worker worker = worker();
                TarnClient client = masters.connect()) {
            assertTrue(worker.awaitRegistered(Duration.ofSeconds(30)));
            write(client, "/kept");
            for (int round = 0; round < MASTERS - 1; round++) {
                masters.stop(masters.leader());
                client.makeDirectory("/after-" + round, false, true, 0755);
                assertEquals(content.length, client.status("/kept").lengthBytes());
                assertTrue(worker.awaitRegistered(Duration.ofSeconds(30)));
                assertArrayEquals(content, read(client, "/kept"));
                write(client, "/after-" + round + "/file");
            }
            assertArrayEquals(content, read(client, "/after-0/file"));
        }
    }

    @Test
    void theLeadershipGoesToWhomItIsGiven() throws Exception {
        try (TarnClient client = masters.connect()) {
            client.makeDirectory("/before", false, true, 0755);
            for (int round = 0; round < MASTERS; round++) {
                int successor = (masters.leader() + 1) % MASTERS;
                String next = masters.addresses().get(successor);
                assertEquals(next, client.transferLeadership(next));
                MasterGroup.await(() -> masters.leads(successor));
                client.makeDirectory("/after-" + round, false, true, 0755);
                assertEquals(
                        List.of(next),
                        client.masters().stream()
                                .filter(MasterState::leads)
                                .map(MasterState::address)
                                .toList());
            }
            TarnException nobody = assertThrows(TarnException.class, () -> client.transferLeadership("nowhere:1"));
            assertEquals(ErrorCode.INVALID_ARGUMENT, nobody.code());
        }
    }

    @Test
    void aNewMasterTakesTheStateThatTheJournalHasNoMore() throws Exception {
        try (TarnClient client = masters.connect()) {
            client.makeDirectory("/early", false, true, 0755);
            int away = masters.leader() == 0 ? 1 : 0;
            masters.stop(away);
            FileTree.delete(masters.directory(away));
            trimJournal(client);

            masters.start(away);
            MasterGroup.await(() -> masters.isUpToDate(client, away));
            String address = masters.addresses().get(away);
            assertEquals(address, client.transferLeadership(address));
            MasterGroup.await(() -> masters.leads(away));
            assertEquals("/early", client.status("/early").path());
            client.makeDirectory("/late", false, true, 0755);
        }
    }

    @Test
    void aSecondMasterOnTheSameDirectoryIsRefusedAtOnce() {
        TarnException refusal = assertThrows(TarnException.class, () -> masters.start(0));
        assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
    }

    /** Until its first batch, which made the cluster, is gone. */
    private void trimJournal(TarnClient client) throws Exception {
        try (EtcdConnection connection = EtcdConnection.open(EtcdConfig.at(etcd.endpoints(), "/tarn/default/"))) {
            AtomicInteger made = new AtomicInteger();
            MasterGroup.await(() -> {
                client.makeDirectory("/more-" + made.incrementAndGet(), false, true, 0755);
                return new EtcdJournal(connection, new Election(connection, ElectionConfig.DEFAULT, "nobody:1"))
                                .firstSequence()
                        > 1;
            });
        }
    }

    private void write(TarnClient client, String path) throws IOException {
        try (FileWriter writer = client.create(path, CreateOptions.DEFAULT)) {
            writer.write(ByteBuffer.wrap(content));
        }
    }

    private byte[] read(TarnClient client, String path) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(content.length);
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            long position = 0;
            while (buffer.hasRemaining()) {
                position += reader.read(position, buffer);
            }
        }
        return buffer.array();
    }
}
