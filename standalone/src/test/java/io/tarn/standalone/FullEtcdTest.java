package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.maintenance.AlarmMember;
import io.etcd.jetcd.options.DeleteOption;
import io.tarn.client.ClientOptions;
import io.tarn.client.HealthFinding;
import io.tarn.client.TarnClient;
import io.tarn.master.MasterMain;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.etcd.EtcdCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else fills a real etcd until its alarm NOSPACE is up, and the leader is killed while it is. */
@Timeout(120)
class FullEtcdTest {
    private static final int ACKNOWLEDGED = 20;
    private static final String OTHERS = "/others/";
    private static final long TWO_LEASES_NANOS = TimeUnit.SECONDS.toNanos(4);

    @TempDir
    Path directory;

    @Test
    void nothingIsLostByALeaderThatDiesWhileEtcdIsFull() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        try (EtcdCluster etcd = EtcdCluster.start(
                        directory.resolve("etcd"), 1, "--quota-backend-bytes", Integer.toString(16 << 20));
                Client others = Client.builder()
                        .endpoints(etcd.endpoints().toArray(String[]::new))
                        .build();
                MasterGroup masters = new MasterGroup(directory, etcd, 2, Map.of("http.port", "0"));
                TarnClient client = masters.connect();
                JavaProcess leader = process(masters.settingsFile(0))) {
            leader.await(Pattern.compile("Leading in epoch"));
            masters.start(1);
            for (int i = 0; i < ACKNOWLEDGED; i++) {
                client.makeDirectory("/before-" + i, false, true, 0755);
            }
            fill(others);
            refuses(client);
            for (long end = System.nanoTime() + TWO_LEASES_NANOS; System.nanoTime() < end; ) {
                assertEquals("/before-1", client.status("/before-1").path(), "reads go on");
            }
            String doctor = masters.tarn("doctor").out();
            assertTrue(doctor.contains("its alarm NOSPACE is up") && doctor.contains("never yet"), doctor);
            assertEquals(2, client.masters().size(), "a standby stays one");

            leader.kill();
            refusesAll(masters.addresses().get(1));
            assertFalse(masters.leads(1), "nobody can be elected");
            makeRoom(others, etcd);
            MasterGroup.await(() -> masters.leads(1));
            for (int i = 0; i < ACKNOWLEDGED; i++) {
                assertEquals("/before-" + i, client.status("/before-" + i).path());
            }
            assertNull(client.statusOrNull("/refused"));
            client.makeDirectory("/after", false, true, 0755);
            assertFalse(client.checkUp().stream().anyMatch(HealthFinding::failing));
        }
    }

    private static void refuses(TarnClient client) {
        TarnException full =
                assertThrows(TarnException.class, () -> client.makeDirectory("/refused", false, true, 0755));
        assertEquals(ErrorCode.NO_SPACE, full.code());
        assertTrue(full.getMessage().contains("etcd is full"), full::getMessage);
    }

    /** Waits until the lease of the leader that was killed is over, and longer. */
    private static void refusesAll(String address) {
        ClientOptions hasty = ClientOptions.of(address)
                .withDeadline(Duration.ofNanos(TWO_LEASES_NANOS))
                .withLocalAccess(false, false);
        try (TarnClient client = TarnClient.connect(hasty)) {
            TarnException nobody = assertThrows(TarnException.class, () -> client.status("/before-1"));
            assertTrue(nobody.getMessage().contains("etcd is full"), nobody::getMessage);
        }
    }

    private static JavaProcess process(Path settings) throws IOException {
        List<String> options = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");
        return JavaProcess.start(options, Map.of(), MasterMain.class, List.of(settings.toString()));
    }

    private static ByteSequence text(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static void fill(Client others) throws InterruptedException {
        ByteSequence large = ByteSequence.from(new byte[400_000]);
        try {
            for (int i = 0; ; i++) {
                others.getKVClient().put(text(OTHERS + i), large).get();
            }
        } catch (ExecutionException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("space exceeded"), e::toString);
        }
    }

    /** What an operator does. */
    private static void makeRoom(Client others, EtcdCluster etcd) throws Exception {
        long revision = others.getKVClient()
                .delete(text(OTHERS), DeleteOption.builder().isPrefix(true).build())
                .get()
                .getHeader()
                .getRevision();
        others.getKVClient().compact(revision).get();
        others.getMaintenanceClient()
                .defragmentMember(etcd.endpoints().getFirst())
                .get();
        for (AlarmMember alarm :
                others.getMaintenanceClient().listAlarms().get().getAlarms()) {
            others.getMaintenanceClient().alarmDisarm(alarm).get();
        }
    }
}
