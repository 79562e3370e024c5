package io.tarn.master.journal;

import io.tarn.protocol.error.TarnException;
import java.util.Iterator;

/** Another journal behind this one, to change what some of its methods do. */
public abstract class WrappedJournal implements Journal {
    private final Journal journal;

    protected WrappedJournal(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void append(long epoch, long sequence, byte[] batch) throws TarnException {
        journal.append(epoch, sequence, batch);
    }

    @Override
    public long lastSequence() throws TarnException {
        return journal.lastSequence();
    }

    @Override
    public long firstSequence() throws TarnException {
        return journal.firstSequence();
    }

    @Override
    public long startEpoch() throws TarnException {
        return journal.startEpoch();
    }

    @Override
    public Iterator<Batch> read(long fromSequence) throws TarnException {
        return journal.read(fromSequence);
    }

    @Override
    public void trim(long sequence) throws TarnException {
        journal.trim(sequence);
    }

    @Override
    public long sizeBytes() {
        return journal.sizeBytes();
    }

    @Override
    public void close() {
        journal.close();
    }
}
