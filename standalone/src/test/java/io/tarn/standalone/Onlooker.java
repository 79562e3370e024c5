package io.tarn.standalone;

import io.tarn.master.election.Election;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.Journal;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.journal.etcd.JournalFollower;
import io.tarn.master.leader.JournalReplay;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.Format;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.protocol.error.TarnException;
import org.jspecify.annotations.Nullable;

/** Reads each batch of a cluster's journal in etcd as it comes, from the first one on, as a release that reads formats up to one; it takes no part. Thread-safe. */
public final class Onlooker implements JournalFollower.Follower, AutoCloseable {
    private final EtcdConnection etcd;
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final JournalReplay<Record> replay;
    private final JournalFollower follower;
    private volatile @Nullable String end;

    private Onlooker(EtcdConnection etcd, int reads) {
        this.etcd = etcd;
        Election election = new Election(etcd, ElectionConfig.DEFAULT, "onlooker:1", reads);
        this.replay = new JournalReplay<>(new EtcdJournal(etcd, election), store, new RecordCodec(reads));
        this.follower = JournalFollower.start(etcd, this);
    }

    /** Begins; etcd need not run yet. */
    public static Onlooker start(EtcdConfig config, int reads) throws TarnException {
        return new Onlooker(EtcdConnection.open(config), reads);
    }

    /** The cluster's format, as far as it has read. */
    public int format() {
        return Format.of(store);
    }

    /** Why it reads no more; null while it does. */
    public @Nullable String end() {
        return end;
    }

    @Override
    public long appliedSequence() {
        return store.appliedSequence();
    }

    @Override
    public void apply(Journal.Batch batch) throws TarnException {
        replay.apply(batch);
    }

    @Override
    public void leftBehind() {
        end = "the journal was trimmed";
    }

    @Override
    public void cannotRead(TarnException why) {
        end = why.getMessage();
    }

    @Override
    public void close() {
        follower.close();
        etcd.close();
    }
}
