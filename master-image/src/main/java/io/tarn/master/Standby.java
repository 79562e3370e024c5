package io.tarn.master;

import io.tarn.master.journal.Journal;
import io.tarn.master.journal.etcd.JournalFollower;
import io.tarn.master.leader.JournalReplay;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;

/** The state of a master that does not lead: each committed batch is replayed on it, as on the leader's. For one thread. */
final class Standby implements JournalFollower.Follower {
    private final StateStore store;
    private final JournalReplay<Record> replay;

    Standby(StateStore store, JournalReplay<Record> replay) {
        this.store = store;
        this.replay = replay;
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
    public void takeCheckpoint() throws TarnException {
        throw new TarnException(
                ErrorCode.UNAVAILABLE,
                "this master's state ends at batch " + store.appliedSequence()
                        + ", and the journal begins later: copy the directory \"state\" of another master, while that is stopped, into this one's"
                        + " master.directory");
    }
}
