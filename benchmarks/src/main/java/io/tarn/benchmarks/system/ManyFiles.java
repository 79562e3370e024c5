package io.tarn.benchmarks.system;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.checkpoint.CheckpointConfig;
import io.tarn.master.checkpoint.MasterDirectory;
import io.tarn.master.checkpoint.StandbyDirectory;
import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.leader.Leader;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.peer.Peers;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.rocks.StateConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Fills the directory of a master that does not run with empty files, by the records that their creation would journal, through the journal and the state that the master
 * uses: many more files than clients could make in the time of a benchmark. Stateless.
 */
final class ManyFiles {
    private static final int FILES_PER_OPERATION = 500;
    private static final int OPERATIONS_UNDER_WAY = 16;
    private static final long BLOCK_BYTES = 64L << 20;

    private ManyFiles() {}

    /** @param top a new directory below the root; files are named as {@link Scale} does */
    static void add(Path masterDirectory, String top, int files, int filesPerDirectory) throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (MasterDirectory disk = MasterDirectory.open(
                        masterDirectory, JournalConfig.DEFAULT, StateConfig.DEFAULT, CheckpointConfig.DEFAULT, meters);
                Leader<Record> leader = SingleWriterLeader.start(
                        disk.store(),
                        disk.journal(),
                        new RecordCodec(),
                        LeaderConfig.DEFAULT,
                        meters,
                        (what, cause) -> {
                            throw new IllegalStateException(what, cause);
                        })) {
            fill(leader, top, files, filesPerDirectory);
        }
    }

    /**
     * The same with a journal in etcd, while no master of its cluster runs.
     *
     * @param masterDirectory of one of them
     * @param prefix of the cluster's keys
     */
    static void addToCluster(
            Path masterDirectory, List<String> endpoints, String prefix, String top, int files, int filesPerDirectory)
            throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (EtcdConnection etcd = EtcdConnection.open(EtcdConfig.at(endpoints, prefix))) {
            Election election = new Election(etcd, ElectionConfig.DEFAULT, "filler:1");
            EtcdJournal journal = new EtcdJournal(etcd, election);
            try (StandbyDirectory disk = StandbyDirectory.open(
                    masterDirectory,
                    journal,
                    new Peers(election),
                    StateConfig.DEFAULT,
                    CheckpointConfig.DEFAULT,
                    meters)) {
                long epoch = journal.startEpoch();
                try (Leader<Record> leader = SingleWriterLeader.lead(
                        disk.store(),
                        journal,
                        epoch,
                        new RecordCodec(),
                        LeaderConfig.DEFAULT,
                        meters,
                        (what, cause) -> {
                            throw new IllegalStateException(what, cause);
                        })) {
                    leader.append(new Record.EpochBegan(epoch, election.self(), System.currentTimeMillis()));
                    fill(leader, top, files, filesPerDirectory);
                }
            } finally {
                journal.close();
            }
        }
    }

    private static void fill(Leader<Record> leader, String top, int files, int filesPerDirectory) throws Exception {
        long now = System.currentTimeMillis();
        int directories = Math.ceilDiv(files, filesPerDirectory);
        long first = new NamespaceView(leader.committed()).nextId();
        leader.append(new Record.IdsReserved(first + 1 + directories + files));
        String user = System.getProperty("user.name");
        leader.append(new Record.DirectoryCreated(
                Inode.newDirectory(first, new DirectoryKey.Owned(Inode.ROOT_ID), top, user, user, 0755, now), 0));
        Deque<CompletableFuture<Boolean>> underWay = new ArrayDeque<>();
        for (int directory = 0; directory < directories; directory++) {
            long id = first + 1 + directory;
            leader.append(new Record.DirectoryCreated(
                    Inode.newDirectory(
                            id, new DirectoryKey.Owned(first), Integer.toString(directory), user, user, 0755, now),
                    0));
            int end = Math.min(files, (directory + 1) * filesPerDirectory);
            for (int from = directory * filesPerDirectory; from < end; from += FILES_PER_OPERATION) {
                int begin = from;
                int until = Math.min(end, from + FILES_PER_OPERATION);
                underWay.add(leader.submit((state, records) -> {
                    for (int file = begin; file < until; file++) {
                        Inode inode = Inode.newFile(
                                first + 1 + directories + file,
                                new DirectoryKey.Owned(id),
                                "file-" + file,
                                user,
                                user,
                                0644,
                                now,
                                BLOCK_BYTES,
                                List.of());
                        records.accept(new Record.FileStarted(
                                inode, new PendingFile(inode.id(), 1, user, false, PendingFile.NEVER, 1)));
                        records.accept(new Record.FileSealed(inode.id(), 0, now, List.of(), "", 0));
                    }
                    return true;
                }));
                if (underWay.size() >= OPERATIONS_UNDER_WAY) {
                    underWay.remove().get();
                }
            }
        }
        for (CompletableFuture<Boolean> each : underWay) {
            each.get();
        }
    }
}
