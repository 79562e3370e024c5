package io.tarn.master.leader;

import io.tarn.master.journal.Journal;
import io.tarn.master.state.Changes;
import io.tarn.master.state.LayeredState;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a state store up to the end of the journal. For one thread. */
public final class JournalReplay<R> {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReplay.class);

    private final Journal journal;
    private final StateStore store;
    private final RecordType<R> type;

    public JournalReplay(Journal journal, StateStore store, RecordType<R> type) {
        this.journal = journal;
        this.store = store;
        this.type = type;
    }

    /**
     * Applies what the journal holds beyond {@link StateStore#appliedSequence()}.
     *
     * @return the sequence reached
     * @throws TarnException CORRUPT where journal and state do not fit together or a record cannot be replayed
     */
    public long run() throws TarnException {
        long applied = store.appliedSequence();
        if (applied > journal.lastSequence()) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    "the state holds batch " + applied + " but the journal ends at batch " + journal.lastSequence()
                            + ": the journal has lost its end, or belongs to another cluster. Put the right journal back, or move the state away to"
                            + " start from what the journal holds");
        }
        try {
            Iterator<Journal.Batch> batches = journal.read(applied + 1);
            long replayed = 0;
            for (; batches.hasNext(); replayed++) {
                apply(batches.next());
            }
            if (replayed > 0) {
                LOG.info("Replayed {} batches of the journal, up to batch {}", replayed, store.appliedSequence());
            }
        } catch (UncheckedIOException e) {
            throw Failures.of(e);
        }
        return store.appliedSequence();
    }

    /**
     * Applies one batch, the one after {@link StateStore#appliedSequence()}.
     *
     * @throws TarnException CORRUPT where it cannot be replayed
     */
    public void apply(Journal.Batch batch) throws TarnException {
        LayeredState state = new LayeredState(store);
        Changes changes = new Changes();
        state.push(changes);
        ByteBuffer records = BatchFormat.open(batch.sequence(), batch.bytes());
        while (records.hasRemaining()) {
            R decoded = type.decode(BatchFormat.nextRecord(batch.sequence(), records));
            try {
                type.replay(decoded, state);
                FormatGate.check(type, decoded, state);
            } catch (UncheckedIOException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new TarnException(
                        ErrorCode.CORRUPT,
                        "batch " + batch.sequence() + " of the journal cannot be replayed on the state before it (" + e
                                + "): restore the newest checkpoint, and report this as a defect",
                        e);
            }
        }
        store.commit(batch.sequence(), changes);
    }
}
