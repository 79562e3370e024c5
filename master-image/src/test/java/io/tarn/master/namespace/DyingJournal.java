package io.tarn.master.namespace;

import io.tarn.master.journal.Journal;
import io.tarn.master.journal.WrappedJournal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.atomic.AtomicLong;

/** Another journal, until a number of appends are done: then its leader has died, and nothing more of it is ever written. */
final class DyingJournal extends WrappedJournal {
    private final AtomicLong appendsLeft = new AtomicLong(Long.MAX_VALUE);

    DyingJournal(Journal journal) {
        super(journal);
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
        super.append(epoch, sequence, batch);
    }

    @Override
    public void close() {}
}
