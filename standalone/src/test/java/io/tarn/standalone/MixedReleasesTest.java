package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.HealthFinding;
import io.tarn.client.MasterState;
import io.tarn.client.TarnClient;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.state.Format;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Masters of this release beside one that reads only what the release before it wrote, on a real etcd. bin/upgrade-test does it with that release itself. */
@Timeout(120)
class MixedReleasesTest {
    private static final String PREFIX = "/tarn/mixed/";
    private static final int OLD = 2;

    @TempDir
    Path directory;

    @Test
    void theNewFormatIsWrittenOnceAllReadItAndNoMasterThatDoesNotGoesOnThen() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        try (EtcdCluster etcd = EtcdCluster.start(directory.resolve("etcd"), 1);
                MasterGroup masters = new MasterGroup(directory, etcd, 3, Map.of("master.etcd.prefix", PREFIX));
                TarnClient client = masters.connect();
                Onlooker older = Onlooker.start(EtcdConfig.at(etcd.endpoints(), PREFIX), Format.FIRST);
                Onlooker newer = Onlooker.start(EtcdConfig.at(etcd.endpoints(), PREFIX), Format.NEWEST)) {
            masters.start(OLD, Format.FIRST);
            assertEquals(OLD, masters.leader());
            masters.start(0);
            masters.start(1);
            leadInTurn(masters, client);
            assertNull(older.end());
            assertEquals(Format.FIRST, newer.format());
            assertNull(masters.end(OLD));

            masters.stop(OLD);
            masters.start(OLD);
            MasterGroup.await(() -> newer.format() == Format.NEWEST);
            MasterGroup.await(() -> saysWhatToDo(String.valueOf(older.end())));
            client.makeDirectory("/in-the-new-format", false, true, 0755);
            MasterGroup.await(() -> masters.isUpToDate(client, OLD));
            assertFalse(isAnOlderOneFound(masters, client));

            masters.stop(OLD);
            masters.start(OLD, Format.FIRST);
            MasterGroup.await(() -> masters.end(OLD) != null);
            assertTrue(saysWhatToDo(String.valueOf(masters.end(OLD))), () -> String.valueOf(masters.end(OLD)));
            assertFalse(addresses(client).contains(masters.addresses().get(OLD)), "it takes no part");
            assertEquals("/led-by-0", client.status("/led-by-0").path());
        }
    }

    /** Each of them, the old one too: whoever leads writes what all can read, and all follow. */
    private static void leadInTurn(MasterGroup masters, TarnClient client) throws Exception {
        for (int next : List.of(0, OLD, 1)) {
            String address = masters.addresses().get(next);
            MasterGroup.await(() -> masters.isUpToDate(client, next));
            assertEquals(address, client.transferLeadership(address));
            MasterGroup.await(() -> masters.leads(next));
            client.makeDirectory("/led-by-" + next, false, true, 0755);
            for (int each = 0; each < masters.addresses().size(); each++) {
                int number = each;
                MasterGroup.await(() -> masters.isUpToDate(client, number));
            }
            MasterGroup.await(() -> isAnOlderOneFound(masters, client));
        }
    }

    private static boolean isAnOlderOneFound(MasterGroup masters, TarnClient client) throws Exception {
        return client.checkUp().stream()
                .map(HealthFinding::found)
                .anyMatch(found -> found.contains(masters.addresses().get(OLD)));
    }

    private static boolean saysWhatToDo(String said) {
        return said.contains("start the release that wrote it");
    }

    private static List<String> addresses(TarnClient client) throws Exception {
        return client.masters().stream().map(MasterState::address).toList();
    }
}
