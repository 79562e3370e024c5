package io.tarn.master.journal.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.maintenance.AlarmMember;
import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.election.Leadership;
import io.tarn.master.etcd.EtcdAccess;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.etcd.EtcdCluster;
import io.tarn.testing.etcd.EtcdMember;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd of one member that pauses, dies, or is full, under a journal. */
@Timeout(120)
class EtcdFaultTest {
    private static final ElectionConfig ELECTION = new ElectionConfig(Duration.ofSeconds(4), "");
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final String QUOTA_BYTES = Integer.toString(16 << 20);

    @TempDir
    Path directory;

    private @Nullable EtcdCluster etcd;
    private @Nullable EtcdConnection connection;
    private @Nullable EtcdJournal journal;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        etcd = EtcdCluster.start(directory, 1, "--quota-backend-bytes", QUOTA_BYTES);
        connect(TIMEOUT);
    }

    private void connect(Duration timeout) throws TarnException {
        connection = EtcdConnection.open(new EtcdConfig(
                Objects.requireNonNull(etcd).endpoints(), "/tarn/faults/", timeout, false, EtcdAccess.OPEN));
        journal = new EtcdJournal(connection, new Election(connection, ELECTION, "one:1"));
    }

    @AfterEach
    void stop() {
        if (etcd != null) {
            journal().close();
            connection().close();
            etcd.close();
        }
    }

    private EtcdJournal journal() {
        return Objects.requireNonNull(journal);
    }

    private EtcdConnection connection() {
        return Objects.requireNonNull(connection);
    }

    private EtcdMember member() {
        return Objects.requireNonNull(etcd).members().getFirst();
    }

    @Test
    void anAppendThatWasNotAnsweredIsThereOnce() throws Exception {
        long epoch = journal().startEpoch();
        journal().append(epoch, 1, "first".getBytes());
        member().pause();
        CompletableFuture<Boolean> appended = CompletableFuture.supplyAsync(() -> append(epoch, 2, "second"));
        LockSupport.parkNanos(
                3 * TIMEOUT.toNanos()); // some tries time out; nothing is to be waited for but time itself
        assertFalse(appended.isDone());
        member().resume();
        assertTrue(appended.get(10, TimeUnit.SECONDS));
        journal().append(epoch, 3, "third".getBytes());
        Iterator<Journal.Batch> batches = journal().read(1);
        for (String expected : new String[] {"first", "second", "third"}) {
            assertEquals(expected, new String(batches.next().bytes()));
        }
        assertFalse(batches.hasNext());
    }

    private boolean append(long epoch, long sequence, String batch) {
        try {
            journal().append(epoch, sequence, batch.getBytes());
            return true;
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLeaderWithoutEtcdLeadsNoMoreAndDoesNotGuess() throws Exception {
        long epoch = journal().startEpoch();
        Leadership leadership = Objects.requireNonNull(journal().leadership());
        CompletableFuture<Boolean> lost = new CompletableFuture<>();
        leadership.onLost(() -> lost.complete(true));
        assertTrue(leadership.isValid());
        member().pause();
        TarnException unknown =
                assertThrows(TarnException.class, () -> journal().append(epoch, 1, "perhaps".getBytes()));
        assertEquals(ErrorCode.OUTCOME_UNKNOWN, unknown.code());
        assertFalse(leadership.isValid());
        assertTrue(lost.get(10, TimeUnit.SECONDS));
        member().resume();
        assertFalse(leadership.isValid(), "it never comes back");
        long next = journal().startEpoch();
        assertTrue(next > epoch);
        journal().append(next, journal().lastSequence() + 1, "after".getBytes());
    }

    @Test
    void anEtcdThatDiesAndComesBackHasWhatItTook() throws Exception {
        long epoch = journal().startEpoch();
        journal().append(epoch, 1, "kept".getBytes());
        Objects.requireNonNull(etcd).restart(member());
        long next = journal().startEpoch();
        journal().append(next, 2, "more".getBytes());
        assertEquals("kept", new String(journal().read(1).next().bytes()));
        assertEquals(2, journal().lastSequence());
    }

    @Test
    void aFullEtcdTakesNothingUntilItWasTrimmedAndCompacted() throws Exception {
        connection().close();
        connect(Duration.ofSeconds(20)); // a slow disk is not what is tested here
        long epoch = journal().startEpoch();
        long last = fill(epoch);
        TarnException full =
                assertThrows(TarnException.class, () -> journal().append(epoch, last + 1, new byte[400_000]));
        assertEquals(ErrorCode.NO_SPACE, full.code());
        assertTrue(Objects.requireNonNull(journal().leadership()).isValid(), "reads go on");
        assertEquals(last, journal().lastSequence());
        journal().trim(last);
        assertEquals(last, journal().firstSequence());
        makeRoom();
        journal().append(epoch, last + 1, "room again".getBytes());
        assertEquals("room again", new String(journal().read(last + 1).next().bytes()));
    }

    /** @return the last sequence that was taken */
    private long fill(long epoch) throws Exception {
        for (long sequence = 1; ; sequence++) {
            try {
                journal().append(epoch, sequence, new byte[400_000]);
            } catch (TarnException e) {
                assertEquals(ErrorCode.NO_SPACE, e.code(), e::getMessage);
                return sequence - 1;
            }
        }
    }

    /** What an operator does, or a managed etcd by itself. */
    private void makeRoom() throws Exception {
        var client = connection().client();
        long revision = client.getKVClient()
                .get(connection().keys().leader())
                .get()
                .getHeader()
                .getRevision();
        client.getKVClient().compact(revision).get();
        client.getMaintenanceClient().defragmentMember(member().clientUrl()).get();
        for (AlarmMember alarm :
                client.getMaintenanceClient().listAlarms().get().getAlarms()) {
            client.getMaintenanceClient().alarmDisarm(alarm).get();
        }
    }
}
