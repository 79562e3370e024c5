package io.tarn.master;

import io.tarn.master.journal.Journal;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.journal.etcd.JournalFollower;
import io.tarn.master.leader.JournalReplay;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.TarnException;
import java.util.function.Consumer;

/** The state of a master that does not lead: each committed batch is replayed on it, as on the leader's. For one thread. */
final class Standby implements JournalFollower.Follower {
    private final StateStore store;
    private final EtcdJournal journal;
    private final JournalReplay<Record> replay;
    private final Runnable leftBehind;
    private final Consumer<TarnException> cannotRead;

    /**
     * @param leftBehind called where the journal begins after the state's end by now
     * @param cannotRead called where the journal goes on with what {@code codec} does not read
     */
    Standby(
            StateStore store,
            EtcdJournal journal,
            RecordCodec codec,
            Runnable leftBehind,
            Consumer<TarnException> cannotRead) {
        this.store = store;
        this.journal = journal;
        this.replay = new JournalReplay<>(journal, store, codec);
        this.leftBehind = leftBehind;
        this.cannotRead = cannotRead;
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

    @Override
    public void cannotRead(TarnException why) {
        cannotRead.accept(why);
    }
}
