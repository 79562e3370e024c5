package io.tarn.worker.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.FileVersionId;
import io.tarn.protocol.v1.HeartbeatRequest;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.RegisterRequest;
import io.tarn.runtime.config.ConfigException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.understore.UnderStores;
import io.tarn.worker.Worker;
import io.tarn.worker.WorkerConfig;
import io.tarn.worker.page.CachedFile;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerTest {
    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private Worker start(int masterPort, Map<String, String> more) throws TarnException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "worker.directory",
                directory.resolve("state").toString(),
                "worker.tiers.mem.paths",
                directory.resolve("mem").toString(),
                "worker.tiers.mem.capacity",
                "64MiB",
                "worker.masters",
                "127.0.0.1:" + masterPort,
                "worker.host",
                "node-1",
                "worker.data-port",
                "0"));
        settings.putAll(more);
        WorkerConfig config = ConfigLoader.ofDefaults().withOverrides(settings).load(WorkerConfig.class);
        return Worker.start(config, UnderStores.load(), registry, InstantSource.system());
    }

    private static void storeUnpersisted(Worker worker, FileVersion version) throws TarnException {
        ByteBuffer page = ByteBuffer.allocate(1000);
        try (CachedFile file = worker.pages().open(version, -1, false)) {
            file.store(0, page, PageChecksum.of(page));
            file.seal(1000);
        }
    }

    @Test
    void registersHeartbeatsAndDoesWhatTheMasterWants() throws Exception {
        FileVersion version = FileVersion.owned(5, 1);
        try (ScriptedMaster master = new ScriptedMaster(0);
                Worker worker = start(
                        master.port(),
                        Map.of(
                                "worker.socket-path",
                                directory.resolve("s").toString(),
                                "worker.labels",
                                "topology.kubernetes.io/zone=a,disk=ssd"))) {
            RegisterRequest first = ScriptedMaster.next(master.registrations);
            assertEquals("node-1", first.getAddress().getHost());
            assertEquals(worker.address().getDataPort(), first.getAddress().getDataPort());
            assertEquals(List.of("node-1"), first.getAddress().getEngineHostsList());
            assertEquals(
                    Map.of("topology.kubernetes.io/zone", "a", "disk", "ssd"),
                    first.getAddress().getLabelsMap());
            assertEquals("MEM", first.getTiers(0).getTier());
            assertTrue(worker.awaitRegistered(Duration.ofSeconds(10)));

            storeUnpersisted(worker, version);
            master.mount(List.of(Mount.newBuilder()
                    .setId(1)
                    .setPath("/m")
                    .setStoreUri(directory.toUri().toString())
                    .build()));
            HeartbeatRequest beat = ScriptedMaster.next(master.heartbeats);
            while (beat.getMountTableVersion() != 2 || beat.getCachedFiles() != 1) {
                beat = ScriptedMaster.next(master.heartbeats);
            }
            assertEquals(4, beat.getEpoch());

            master.forgetWorker();
            RegisterRequest again = ScriptedMaster.next(master.registrations);
            assertEquals(first.getAddress(), again.getAddress());
            assertEquals(List.of(version.toMessage()), again.getOwnedVersionsList());

            master.delete(List.of(version.toMessage()));
            while (beat.getDeletedVersionsCount() == 0) {
                beat = ScriptedMaster.next(master.heartbeats);
            }
            assertEquals(version.toMessage(), beat.getDeletedVersions(0));
            assertEquals(0, worker.pages().files());
        }
    }

    @Test
    void whatDoesNotFitIntoOneMessageIsNamedWithHeartbeats() throws Exception {
        int versions = OwnedVersions.PART + 3;
        try (ScriptedMaster master = new ScriptedMaster(0);
                Worker worker = start(master.port(), Map.of())) {
            assertTrue(worker.awaitRegistered(Duration.ofSeconds(20)));
            ScriptedMaster.next(master.registrations);
            for (int id = 1; id <= versions; id++) {
                storeUnpersisted(worker, FileVersion.owned(id, 1));
            }
            master.forgetWorker();
            RegisterRequest again = ScriptedMaster.next(master.registrations);
            Set<FileVersionId> named = new HashSet<>(again.getOwnedVersionsList());
            assertEquals(OwnedVersions.PART, named.size());
            assertTrue(again.getOwnedToFollow());
            HeartbeatRequest beat = ScriptedMaster.next(master.heartbeats);
            while (beat.getOwnedVersionsCount() == 0) {
                beat = ScriptedMaster.next(master.heartbeats);
            }
            assertFalse(beat.getOwnedToFollow());
            named.addAll(beat.getOwnedVersionsList());
            assertEquals(versions, named.size());
            while (beat.getOwnedVersionsCount() > 0) {
                beat = ScriptedMaster.next(master.heartbeats);
            }
        }
    }

    @Test
    void aLabelThatIsNoneIsToldWithItsSetting() {
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> start(1, Map.of("worker.labels", "zone")).close());
        assertTrue(refused.getMessage().contains("worker.labels: \"zone\" is no label"), refused.getMessage());
    }

    @Test
    void knowsTheWorkersThatAreUpAsTheyComeAndGo() throws Exception {
        Member one = Member.newBuilder().setCapacityBytes(1).build();
        try (ScriptedMaster master = new ScriptedMaster(0)) {
            master.members(List.of(one, one));
            try (Worker worker = start(master.port(), Map.of())) {
                assertTrue(worker.awaitRegistered(Duration.ofSeconds(20)));
                awaitMembershipVersion(master, 2);
                assertEquals(2, members());
                master.members(List.of(one));
                awaitMembershipVersion(master, 3);
                assertEquals(1, members());
            }
        }
    }

    private static void awaitMembershipVersion(ScriptedMaster master, long version) throws InterruptedException {
        while (ScriptedMaster.next(master.heartbeats).getMembershipVersion() != version) {}
    }

    private double members() {
        return registry.get("tarn.worker.members").gauge().value();
    }

    @Test
    void servesWithoutItsMasterAndFindsItAgain() throws Exception {
        int port;
        try (ScriptedMaster master = new ScriptedMaster(0)) {
            port = master.port();
        }
        try (Worker worker = start(port, Map.of())) {
            assertFalse(worker.awaitRegistered(Duration.ofMillis(50)));
            try (SocketChannel channel = SocketChannel.open(
                    new InetSocketAddress("127.0.0.1", worker.address().getDataPort()))) {
                assertTrue(channel.isConnected());
            }
            try (ScriptedMaster master = new ScriptedMaster(port)) {
                assertTrue(worker.awaitRegistered(Duration.ofSeconds(20)));
                ScriptedMaster.next(master.heartbeats);
            }
            try (ScriptedMaster master = new ScriptedMaster(port)) {
                master.forgetWorker(); // a worker between two heartbeats may not notice the change
                ScriptedMaster.next(master.registrations);
            }
        }
    }

    @Test
    void remembersItsClusterAndSaysWhyItIsRefused() throws Exception {
        try (ScriptedMaster master = new ScriptedMaster(0)) {
            try (Worker worker = start(master.port(), Map.of())) {
                assertEquals("", ScriptedMaster.next(master.registrations).getClusterId());
                assertTrue(worker.awaitRegistered(Duration.ofSeconds(20)));
            }
            master.refuse(new TarnException(ErrorCode.INVALID_ARGUMENT, "of another cluster"));
            try (Worker worker = start(master.port(), Map.of())) {
                assertEquals("test", ScriptedMaster.next(master.registrations).getClusterId());
                TarnException refusal =
                        assertThrows(TarnException.class, () -> worker.awaitRegistered(Duration.ofSeconds(20)));
                assertEquals("of another cluster", refusal.getMessage());
            }
        }
    }

    @Test
    void keepsItsIdOverRestarts() throws Exception {
        long id;
        try (Worker worker = start(1, Map.of())) {
            id = worker.address().getWorkerId();
        }
        try (Worker worker = start(1, Map.of())) {
            assertEquals(id, worker.address().getWorkerId());
        }
        assertNotEquals(0, id);
        Files.writeString(directory.resolve("state/worker-id"), "no number");
        TarnException failure =
                assertThrows(TarnException.class, () -> start(1, Map.of()).close());
        assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code());
    }

    @Test
    void aSocketInUseIsNamedAndOneLeftBehindIsReplaced() throws Exception {
        Path socket = directory.resolve("left.sock");
        ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        other.bind(UnixDomainSocketAddress.of(socket));
        Map<String, String> setting = Map.of("worker.socket-path", socket.toString());
        TarnException failure =
                assertThrows(TarnException.class, () -> start(1, setting).close());
        assertTrue(failure.getMessage().contains("worker.socket-path"), failure.getMessage());
        other.close();
        assertTrue(Files.exists(socket), "as a killed process leaves it");
        start(1, setting).close();
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            TarnException failure = assertThrows(
                    TarnException.class,
                    () -> start(1, Map.of("worker.data-port", String.valueOf(taken.getLocalPort())))
                            .close());
            assertTrue(failure.getMessage().contains("worker.data-port"), failure.getMessage());
        }
    }
}
