package io.tarn.master.journal.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.Journal;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that is Tarn's own is kept small by the leader; one that is not is left alone. */
@Timeout(120)
class EtcdMaintenanceTest {
    private static final ElectionConfig ELECTION = new ElectionConfig(Duration.ofSeconds(10), "");
    private static final int MEMBERS = 3;
    private static final int BATCHES = 240;
    private static final long SMALL_BYTES = 30L << 20;

    @TempDir
    Path directory;

    @Test
    void whatTheJournalNoLongerHoldsIsGivenBackByEachMember() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        try (EtcdCluster etcd = EtcdCluster.start(directory, MEMBERS)) {
            EtcdConfig config = EtcdConfig.at(etcd.endpoints(), "/tarn/large/");
            try (EtcdConnection connection = EtcdConnection.open(config);
                    EtcdJournal journal = new EtcdJournal(connection, new Election(connection, ELECTION, "one:1"))) {
                long epoch = journal.startEpoch();
                for (int sequence = 1; sequence <= BATCHES; sequence++) {
                    journal.append(epoch, sequence, new byte[Journal.MAX_BATCH_BYTES]);
                }
                journal.trim(BATCHES / 2);
                assertTrue(largest(connection, etcd) > SMALL_BYTES);
            }
            try (EtcdConnection connection = EtcdConnection.open(config.maintained());
                    EtcdJournal journal = new EtcdJournal(connection, new Election(connection, ELECTION, "one:1"))) {
                long epoch = journal.startEpoch();
                long sequence = BATCHES;
                do { // members compact in the background, so that a round finds what the one before it has freed
                    journal.append(epoch, ++sequence, new byte[] {1});
                    journal.trim(sequence - 1);
                    assertTrue(sequence < BATCHES + 1000, "etcd stays as large as it was");
                } while (largest(connection, etcd) > SMALL_BYTES);
                assertEquals(sequence, journal.lastSequence());
            }
        }
    }

    private static long largest(EtcdConnection connection, EtcdCluster etcd) throws Exception {
        long largest = 0;
        for (String endpoint : etcd.endpoints()) {
            long size = connection
                    .client()
                    .getMaintenanceClient()
                    .statusMember(endpoint)
                    .get()
                    .getDbSize();
            largest = Math.max(largest, size);
        }
        return largest;
    }
}
