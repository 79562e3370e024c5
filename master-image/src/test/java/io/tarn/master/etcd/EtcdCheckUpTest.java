package io.tarn.master.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import io.tarn.protocol.v1.Finding;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether somebody compacts a real etcd shows in what it still knows; how its members are, in what they say. */
@Timeout(60)
class EtcdCheckUpTest {
    private static final Duration JUST_NOW = Duration.ofSeconds(5);
    private static final Duration LONG_AGO = Duration.ofHours(3);
    private static final long GIBIBYTE = 1L << 30;

    @TempDir
    Path directory;

    @Test
    void anEtcdThatNobodyCompactsIsWarnedOf() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        try (EtcdCluster etcd = EtcdCluster.start(directory, 1)) {
            EtcdConfig config = EtcdConfig.at(etcd.endpoints(), "/tarn/checked/");
            try (EtcdConnection connection = EtcdConnection.open(config)) {
                long epoch = change(connection);
                assertTrue(isWarnedOf(connection, epoch, JUST_NOW), "never compacted");
                connection.client().getKVClient().compact(change(connection)).get();
                assertFalse(isWarnedOf(connection, epoch, LONG_AGO), "compacted since");
                long next = change(connection);
                assertFalse(isWarnedOf(connection, next, JUST_NOW), "compacted before, and it may be again");
                assertTrue(isWarnedOf(connection, next, LONG_AGO), "not for hours");
            }
            try (EtcdConnection connection = EtcdConnection.open(config.maintained())) {
                assertFalse(isWarnedOf(connection, change(connection), LONG_AGO), "Tarn does it");
            }
        }
    }

    /** @return its revision */
    private static long change(EtcdConnection connection) throws Exception {
        return connection
                .client()
                .getKVClient()
                .put(connection.keys().leader(), ByteSequence.EMPTY)
                .get()
                .getHeader()
                .getRevision();
    }

    private static boolean isWarnedOf(EtcdConnection connection, long epoch, Duration ledFor) throws Exception {
        List<Finding> findings = new EtcdCheckUp(connection).run(epoch, ledFor);
        assertEquals(
                List.of("etcd space", "etcd compaction"),
                findings.stream().map(Finding::getCheck).toList());
        assertEquals("", findings.getFirst().getAdvice());
        assertFalse(findings.getLast().getFailing());
        return !findings.getLast().getAdvice().isEmpty();
    }

    @Test
    void largeFragmentedAndFullMembersAreToldOf() {
        EtcdStatus small = member("http://a:1", false, GIBIBYTE, 0);
        EtcdStatus free = member("http://b:1", false, GIBIBYTE, GIBIBYTE / 4 * 3);
        assertEquals("", EtcdCheckUp.space(List.of(small), false).getAdvice());
        assertTrue(EtcdCheckUp.space(List.of(small, free), false).getAdvice().contains("defrag"));
        assertEquals("", EtcdCheckUp.space(List.of(small, free), true).getAdvice());
        EtcdStatus large = member("http://c:1", false, 2 * GIBIBYTE, 0);
        assertTrue(EtcdCheckUp.space(List.of(small, large), true).getAdvice().contains("--quota-backend-bytes"));
        Finding full = EtcdCheckUp.space(List.of(small, new EtcdStatus("http://d:1", true, 1, 1, true)), true);
        assertTrue(full.getFailing());
        assertTrue(full.getAdvice().contains("alarm disarm"));
    }

    @Test
    void theLeaderIsDefragmentedLastAndWhatIsSmallOrInUseNotAtAll() {
        List<EtcdStatus> members = List.of(
                member("http://leader:1", true, GIBIBYTE, GIBIBYTE - 1),
                member("http://follower:1", false, GIBIBYTE, GIBIBYTE - 1),
                member("http://small:1", false, 1 << 20, 1 << 20),
                member("http://used:1", false, GIBIBYTE, GIBIBYTE / 3));
        assertEquals(
                List.of("http://follower:1", "http://leader:1"),
                EtcdStatus.worthDefragmenting(members).stream()
                        .map(EtcdStatus::endpoint)
                        .toList());
    }

    private static EtcdStatus member(String endpoint, boolean leads, long sizeBytes, long freeBytes) {
        return new EtcdStatus(endpoint, leads, sizeBytes, sizeBytes - freeBytes, false);
    }
}
