package io.tarn.master.journal;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A journal whose appends a test can hold up or fail, before or after they have reached the journal behind it. */
public final class GatedJournal extends WrappedJournal {
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile CountDownLatch blocked = new CountDownLatch(0);
    private volatile @Nullable ErrorCode failBefore;
    private volatile @Nullable ErrorCode failAfter;
    private int successesBeforeFailure;

    public GatedJournal(Journal journal) {
        super(journal);
    }

    /** Holds up every append until {@link #open()}; {@link #awaitBlocked()} returns when {@code appends} wait. */
    public void close(int appends) {
        blocked = new CountDownLatch(appends);
        gate = new CountDownLatch(1);
    }

    public void open() {
        gate.countDown();
    }

    public void awaitBlocked() throws InterruptedException {
        blocked.await();
    }

    /** Fails the next append, which then has not happened. */
    public void failBefore(ErrorCode code) {
        failBefore = code;
    }

    /** Fails the next append, which then has happened. */
    public void failAfter(ErrorCode code) {
        failAfter = code;
    }

    /** Lets that many appends pass before one of the failures asked for. */
    public void passFirst(int successes) {
        successesBeforeFailure = successes;
    }

    @Override
    public void append(long epoch, long sequence, byte[] batch) throws TarnException {
        blocked.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (successesBeforeFailure > 0) {
            successesBeforeFailure--;
            super.append(epoch, sequence, batch);
            return;
        }
        ErrorCode before = failBefore;
        failBefore = null;
        if (before != null) {
            throw new TarnException(before, "injected before the append");
        }
        super.append(epoch, sequence, batch);
        ErrorCode after = failAfter;
        failAfter = null;
        if (after != null) {
            throw new TarnException(after, "injected after the append");
        }
    }
}
