package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.TarnClient;
import io.tarn.testing.etcd.EtcdCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters on one real etcd: one trims its journal and compacts etcd while masters of the other are behind. */
@Timeout(120)
class SharedEtcdTest {
    private static final String TRIMMING = "/tarn/trimming/";
    private static final String OTHER = "/tarn/other/";
    private static final int FOLLOWS = 1;
    private static final int AWAY = 2;

    @TempDir
    Path directory;

    @Test
    void whatOneClusterTrimsAndCompactsTheOtherDoesNotMiss() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        try (EtcdCluster etcd = EtcdCluster.start(directory.resolve("etcd"), 1);
                Client keys = Client.builder()
                        .endpoints(etcd.endpoints().toArray(String[]::new))
                        .build();
                MasterGroup trimming = new MasterGroup(
                        directory.resolve("trimming"),
                        etcd,
                        1,
                        Map.of(
                                "master.etcd.prefix", TRIMMING,
                                "master.etcd.maintain", "true",
                                "master.checkpoint.interval", "1s"));
                MasterGroup other =
                        new MasterGroup(directory.resolve("other"), etcd, 3, Map.of("master.etcd.prefix", OTHER));
                TarnClient trimmingClient = trimming.connect();
                TarnClient otherClient = other.connect()) {
            trimming.startAll();
            other.start(0);
            other.leader();
            other.start(FOLLOWS);
            other.start(AWAY);
            otherClient.makeDirectory("/seen-by-all", false, true, 0755);
            MasterGroup.await(() -> other.isUpToDate(otherClient, AWAY));
            other.stop(AWAY);
            long left = revision(keys);

            List<String> made = new ArrayList<>();
            MasterGroup.await(() -> {
                made.add("/made-" + made.size());
                trimmingClient.makeDirectory(made.getLast(), false, true, 0755);
                otherClient.makeDirectory("/other-" + made.size(), false, true, 0755);
                return isCompacted(keys, left) && !has(keys, TRIMMING + "journal/0000000000000001");
            });
            MasterGroup.await(() -> other.isUpToDate(otherClient, FOLLOWS));
            other.start(AWAY);
            MasterGroup.await(() -> other.isUpToDate(otherClient, AWAY));

            assertTrue(has(keys, OTHER + "journal/0000000000000001"), "nobody but its own leader trims it");
            assertEquals(all(keys, "/"), all(keys, TRIMMING) + all(keys, OTHER), "keys of nobody");
            assertNotEquals(
                    trimmingClient.clusterInfo().clusterId(),
                    otherClient.clusterInfo().clusterId());
            assertEquals(made, names(trimmingClient).stream().sorted(byNumber()).toList());
            other.stop(0);
            assertEquals(made.size() + 1, names(otherClient).size());
            otherClient.makeDirectory("/after", false, true, 0755);
        }
    }

    private static Comparator<String> byNumber() {
        return Comparator.comparing((String path) -> path.length()).thenComparing(path -> path);
    }

    private static List<String> names(TarnClient client) throws IOException {
        List<String> names = new ArrayList<>();
        try (Listing listing = client.list("/", ListOptions.CHILDREN)) {
            while (listing.hasNext()) {
                FileInfo file = listing.next();
                names.add(file.path());
            }
        }
        return names;
    }

    private static ByteSequence text(String key) {
        return ByteSequence.from(key, StandardCharsets.UTF_8);
    }

    private static long revision(Client keys) throws Exception {
        return keys.getKVClient().get(text("any")).get().getHeader().getRevision();
    }

    private static boolean has(Client keys, String key) throws Exception {
        return keys.getKVClient().get(text(key)).get().getCount() > 0;
    }

    private static long all(Client keys, String prefix) throws Exception {
        GetOption count = GetOption.builder().isPrefix(true).withCountOnly(true).build();
        return keys.getKVClient().get(text(prefix), count).get().getCount();
    }

    private static boolean isCompacted(Client keys, long revision) throws InterruptedException {
        try {
            var unused = keys.getKVClient()
                    .get(text("any"), GetOption.builder().withRevision(revision).build())
                    .get();
            return false;
        } catch (ExecutionException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("compacted"), e::toString);
            return true;
        }
    }
}
