package io.tarn.master;

import io.tarn.master.journal.Journal;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.journal.etcd.JournalFollower;
import io.tarn.master.leader.JournalReplay;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.TarnException;

/** The state of a master that does not lead: each committed batch is replayed on it, as on the leader's. For one thread. */
final class Standby implements JournalFollower.Follower {
    private final StateStore store;
    private final EtcdJournal journal;
    private final JournalReplay<Record> replay;
    private final Runnable leftBehind;

    /** @param leftBehind called where the journal begins after the state's end by now */
    Standby(StateStore store, EtcdJournal journal, Runnable leftBehind) {
        this.store = store;
        this.journal = journal;
        this.replay = new JournalReplay<>(journal, store, new RecordCodec());
        this.leftBehind = leftBehind;
    }

    @Override
    public long appliedSequence() {
        return store.appliedSequence();
    }

    @Override
    public void apply(Journal.Batch batch) throws TarnException {
        replay.apply(batch);
        journal.followed(batch);
    }

    @Override
    public void leftBehind() {
        leftBehind.run();
    }
}
