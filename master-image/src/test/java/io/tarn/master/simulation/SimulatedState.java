package io.tarn.master.simulation;

import io.tarn.master.checkpoint.MemberState;
import io.tarn.master.checkpoint.NoStateGivenException;
import io.tarn.master.checkpoint.StateCopy;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.state.InMemoryStateStore;
import io.tarn.master.work.PeriodicTask;
import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A master's disk: a state that is flushed now and then, and lost since then when its process is killed. */
final class SimulatedState implements MemberState {
    private static final Duration FLUSH_EVERY = Duration.ofSeconds(3);

    private final EtcdJournal journal;
    private final Supplier<@Nullable InMemoryStateStore> others;
    private final PeriodicTask flushing = new PeriodicTask("flush", this::flush);
    private volatile InMemoryStateStore store;

    /**
     * @param found what the disk holds
     * @param others the state of another master that can be reached
     * @throws NoStateGivenException where the journal does not reach back to what the disk holds, and no other master gives its own
     */
    SimulatedState(EtcdJournal journal, InMemoryStateStore found, Supplier<@Nullable InMemoryStateStore> others)
            throws TarnException {
        this.journal = journal;
        this.others = others;
        this.store = found;
        renew();
        flushing.start(FLUSH_EVERY);
    }

    @Override
    public InMemoryStateStore store() {
        return store;
    }

    private void flush() throws TarnException {
        InMemoryStateStore now = store;
        now.flush();
        journal.trim(now.durableSequence());
    }

    @Override
    public void renew() throws TarnException {
        if (store.appliedSequence() + 1 < journal.firstSequence()) {
            InMemoryStateStore given = others.get();
            if (given == null) {
                throw new NoStateGivenException("no other master gives its state");
            }
            store = given;
        }
        flush();
    }

    @Override
    public StateCopy copyState() {
        throw new UnsupportedOperationException("others take it by themselves");
    }

    @Override
    public void close() {
        flushing.close();
        store.flush();
    }
}
