package io.tarn.master.journal.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.Journal;
import io.tarn.master.journal.JournalContract;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal in a real etcd. */
class EtcdJournalTest extends JournalContract {
    private static final ElectionConfig ELECTION = new ElectionConfig(Duration.ofSeconds(2), "");
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @TempDir
    static Path directory;

    private static EtcdCluster etcd;
    private final String prefix = "/tarn/test-" + PREFIXES.incrementAndGet() + "/";
    private @Nullable EtcdConnection connection;

    @BeforeAll
    static void startEtcd() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        etcd = EtcdCluster.start(directory, 1);
    }

    @AfterAll
    static void stopEtcd() {
        if (etcd != null) {
            etcd.close();
        }
    }

    @AfterEach
    void closeConnection() {
        if (connection != null) {
            connection.close();
        }
    }

    /** A prefix for each test, in the same etcd. */
    @Override
    protected Journal open() throws TarnException {
        connection = connection == null ? connect() : connection;
        return open(connection, "one:1");
    }

    private EtcdConnection connect() throws TarnException {
        return EtcdConnection.open(EtcdConfig.at(etcd.endpoints(), prefix));
    }

    private static EtcdJournal open(EtcdConnection connection, String address) {
        return new EtcdJournal(connection, new Election(connection, ELECTION, address));
    }

    @Test
    void anotherMemberLeadsOnceTheFirstHasResigned() throws Exception {
        long first = journal.startEpoch();
        journal.append(first, 1, bytes("of the first"));
        try (EtcdConnection other = connect();
                EtcdJournal second = open(other, "two:2")) {
            CompletableFuture<Long> elected = CompletableFuture.supplyAsync(() -> begin(second));
            assertEquals("one:1", new Election(other, ELECTION, "three:3").leader());
            assertFalse(elected.isDone());
            journal.close();
            long epoch = elected.get(10, TimeUnit.SECONDS);
            assertTrue(epoch > first);
            assertEquals(ErrorCode.NOT_LEADER, code(() -> journal.append(first, 2, bytes("late"))));
            second.append(epoch, 2, bytes("of the second"));
            assertEquals("of the second", text(journal.read(2).next()));
        }
    }

    private static long begin(EtcdJournal journal) {
        try {
            return journal.startEpoch();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
