package io.tarn.master;

import com.google.protobuf.ByteString;
import io.tarn.master.backup.BackupWriter;
import io.tarn.master.journal.Journal;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.rpc.ClusterFacts;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import java.time.InstantSource;

/** What the master says of itself. Safe for many threads. */
record MasterFacts(
        NamespaceView.Cluster cluster,
        long epoch,
        long startedMillis,
        Journal journal,
        StateStore store,
        InstantSource clock)
        implements ClusterFacts {
    @Override
    public String clusterId() {
        return cluster.id();
    }

    @Override
    public String version() {
        return Release.version();
    }

    @Override
    public ByteString ticketKey() {
        return ByteString.copyFrom(cluster.ticketKey());
    }

    @Override
    public long ownedInodes() {
        return store.estimatedEntries(Table.INODE);
    }

    @Override
    public long mirroredEntries() {
        return store.estimatedEntries(Table.MIRROR);
    }

    @Override
    public long journalSequence() {
        return store.appliedSequence();
    }

    @Override
    public long journalBytes() {
        return journal.sizeBytes();
    }

    @Override
    public long checkpoint() throws TarnException {
        store.flush();
        return store.durableSequence();
    }

    @Override
    public BackupWriter backup() {
        return BackupWriter.start(store, epoch, clock.millis());
    }
}
