package io.tarn.master.journal.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.Journal;
import io.tarn.master.state.Format;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.etcd.EtcdCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A follower of a journal in a real etcd gets every batch once and in order, whatever happens to its watch. */
@Timeout(120)
class JournalFollowerTest {
    private static final ElectionConfig ELECTION = new ElectionConfig(Duration.ofSeconds(10), "");
    private static final String NEWER = "newer";
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    @TempDir
    Path directory;

    private @Nullable EtcdCluster etcd;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                EtcdCluster.isInstalled(), "SKIPPED: no etcd on the path; install Debian's package etcd-server");
        etcd = EtcdCluster.start(directory, 1);
    }

    @AfterEach
    void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    /** Remembers the sequences that it was given. */
    private static final class Given implements JournalFollower.Follower {
        private final List<Long> sequences = new CopyOnWriteArrayList<>();
        private final CountDownLatch leftBehind = new CountDownLatch(1);
        private final CountDownLatch cannotRead = new CountDownLatch(1);

        @Override
        public long appliedSequence() {
            return sequences.isEmpty() ? 0 : sequences.getLast();
        }

        @Override
        public void apply(Journal.Batch batch) throws TarnException {
            if (new String(batch.bytes()).equals(NEWER)) {
                throw Format.tooNew("a batch");
            }
            assertEquals(batch.sequence(), Long.parseLong(new String(batch.bytes()).trim()));
            sequences.add(batch.sequence());
        }

        @Override
        public void leftBehind() {
            leftBehind.countDown();
        }

        @Override
        public void cannotRead(TarnException why) {
            cannotRead.countDown();
        }
    }

    @Test
    void getsEveryBatchOnceThroughCompactionAndARestartOfEtcd() throws Exception {
        EtcdConfig config = EtcdConfig.at(endpoints(), "/tarn/followed/");
        Given given = new Given();
        try (EtcdConnection writing = EtcdConnection.open(config);
                EtcdConnection reading = EtcdConnection.open(config);
                EtcdJournal journal = new EtcdJournal(writing, new Election(writing, ELECTION, "one:1"))) {
            long epoch = journal.startEpoch();
            append(journal, epoch, 1, 20);
            try (JournalFollower follower = JournalFollower.start(reading, given)) {
                awaitSequence(given, 20);
                append(journal, epoch, 21, 400); // more than its queue holds at a time
                awaitSequence(given, 400);
                compact(writing);
                append(journal, epoch, 401, 420);
                awaitSequence(given, 420);
                restart();
                append(journal, epoch, 421, 440);
                awaitSequence(given, 440);
                assertNull(follower.failure());
            }
            assertEquals(LongStream.rangeClosed(1, 440).boxed().toList(), given.sequences);
        }
    }

    @Test
    void getsTheLargestBatchesToo() throws Exception {
        EtcdConfig config = EtcdConfig.at(endpoints(), "/tarn/large/");
        Given given = new Given();
        try (EtcdConnection connection = EtcdConnection.open(config);
                EtcdJournal journal = new EtcdJournal(connection, new Election(connection, ELECTION, "one:1"))) {
            long epoch = journal.startEpoch();
            append(journal, epoch, 1, 60); // pages grow with small ones
            for (long sequence = 61; sequence <= 140; sequence++) {
                String padded = sequence
                        + " "
                                .repeat(Journal.MAX_BATCH_BYTES
                                        - Long.toString(sequence).length());
                journal.append(epoch, sequence, padded.getBytes());
            }
            try (JournalFollower follower = JournalFollower.start(connection, given)) {
                awaitSequence(given, 140);
                assertNull(follower.failure());
            }
        }
    }

    @Test
    void saysSoWhereWhatItNeedsWasTrimmed() throws Exception {
        EtcdConfig config = EtcdConfig.at(endpoints(), "/tarn/trimmed/");
        Given given = new Given();
        try (EtcdConnection connection = EtcdConnection.open(config);
                EtcdJournal journal = new EtcdJournal(connection, new Election(connection, ELECTION, "one:1"))) {
            long epoch = journal.startEpoch();
            append(journal, epoch, 1, 40);
            journal.trim(30);
            try (JournalFollower follower = JournalFollower.start(connection, given)) {
                assertTrue(given.leftBehind.await(60, TimeUnit.SECONDS));
                assertNotNull(follower.failure());
            }
            assertEquals(List.of(), given.sequences);
        }
    }

    @Test
    void endsWhereABatchIsOfANewerRelease() throws Exception {
        EtcdConfig config = EtcdConfig.at(endpoints(), "/tarn/newer/");
        Given given = new Given();
        try (EtcdConnection connection = EtcdConnection.open(config);
                EtcdJournal journal = new EtcdJournal(connection, new Election(connection, ELECTION, "one:1"))) {
            long epoch = journal.startEpoch();
            append(journal, epoch, 1, 3);
            try (JournalFollower follower = JournalFollower.start(connection, given)) {
                awaitSequence(given, 3);
                journal.append(epoch, 4, NEWER.getBytes());
                assertTrue(given.cannotRead.await(60, TimeUnit.SECONDS));
                assertNotNull(follower.failure());
            }
            assertEquals(List.of(1L, 2L, 3L), given.sequences);
        }
    }

    private List<String> endpoints() {
        return etcd == null ? List.of() : etcd.endpoints();
    }

    private static void append(EtcdJournal journal, long epoch, long from, long to) throws Exception {
        for (long sequence = from; sequence <= to; sequence++) {
            journal.append(epoch, sequence, Long.toString(sequence).getBytes());
        }
    }

    private static void compact(EtcdConnection connection) throws Exception {
        var kv = connection.client().getKVClient();
        long revision = kv.get(connection.keys().leader()).get().getHeader().getRevision();
        kv.compact(revision).get();
    }

    private void restart() throws Exception {
        if (etcd != null) {
            etcd.restart(etcd.members().getFirst());
        }
    }

    private static void awaitSequence(Given given, long sequence) {
        long end = System.nanoTime() + WAIT_NANOS;
        while (given.appliedSequence() < sequence) {
            assertTrue(System.nanoTime() < end, () -> "stuck at batch " + given.appliedSequence());
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
