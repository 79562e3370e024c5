package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.TarnClient;
import io.tarn.master.Member;
import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal in a real etcd that holds a record which only a newer release can read. */
@Timeout(120)
class NewerRecordTest {
    private static final String PREFIX = "/tarn/newer/";
    private static final byte UNKNOWN_TYPE = 120;

    @TempDir
    Path directory;

    @Test
    void aMasterThatCannotReadTheJournalEndsAndSaysWhy() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        try (EtcdCluster etcd = EtcdCluster.start(directory.resolve("etcd"), 1);
                MasterGroup masters = new MasterGroup(directory, etcd, 1, Map.of("master.etcd.prefix", PREFIX));
                TarnClient client = masters.connect()) {
            masters.start(0);
            client.makeDirectory("/known", false, true, 0755);
            masters.stop(0);
            long unknown = appendUnknown(EtcdConfig.at(etcd.endpoints(), PREFIX));

            Member old = masters.start(0);
            MasterGroup.await(() -> masters.end(0) != null);
            assertTrue(old.problem().orElse("").contains("start the release that wrote it"), old.problem()::toString);
            assertFalse(old.isLeading());
            assertEquals(unknown - 1, old.info().getAppliedSequence(), "it has what it could read");
            assertEquals(List.of(), candidates(EtcdConfig.at(etcd.endpoints(), PREFIX)), "it is in nobody's way");
        }
    }

    private static List<String> candidates(EtcdConfig config) throws TarnException {
        try (EtcdConnection connection = EtcdConnection.open(config)) {
            return new Election(connection, ElectionConfig.DEFAULT, "nobody:1").members();
        }
    }

    /** As a newer release may. @return its sequence */
    private static long appendUnknown(EtcdConfig config) throws TarnException {
        byte[] record = {UNKNOWN_TYPE, 1};
        byte[] batch = ByteBuffer.allocate(1 + Integer.BYTES + record.length)
                .put((byte) 1)
                .putInt(record.length)
                .put(record)
                .array();
        try (EtcdConnection connection = EtcdConnection.open(config);
                EtcdJournal journal =
                        new EtcdJournal(connection, new Election(connection, ElectionConfig.DEFAULT, "newer:1"))) {
            long epoch = journal.startEpoch();
            long sequence = journal.lastSequence() + 1;
            journal.append(epoch, sequence, batch);
            return sequence;
        }
    }
}
