package io.tarn.master.namespace;

import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;

/** Another journal, until a number of appends are done: then its leader has died, and nothing more of it is ever written. */
final class DyingJournal implements Journal {
    private final Journal journal;
    private final AtomicLong appendsLeft = new AtomicLong(Long.MAX_VALUE);

    DyingJournal(Journal journal) {
        this.journal = journal;
    }

    /** The leader dies after so many more batches. */
    void dieAfter(int appends) {
        appendsLeft.set(appends);
    }

    boolean isDead() {
        return appendsLeft.get() <= 0;
    }

    @Override
    public void append(long epoch, long sequence, byte[] batch) throws TarnException {
        if (appendsLeft.getAndUpdate(left -> Math.max(0, left - 1)) <= 0) {
            throw new TarnException(ErrorCode.NOT_LEADER, "this leader has died");
        }
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
    public void close() {}
}
