package io.tarn.master.state;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What every state store checks before it changes: a caller that breaks these rules has a defect, so they end in an IllegalStateException. */
public final class CommitRules {
    private CommitRules() {}

    /** Only journaled tables, and not by a thread that holds the read lock (it would wait for itself). */
    public static void checkCommit(ReentrantReadWriteLock lock, Changes changes) {
        checkNotReading(lock);
        changes.tables().forEach((table, entries) -> {
            if (!table.journaled() && !entries.isEmpty()) {
                throw new IllegalStateException(table + " is not journaled: change it by cache()");
            }
        });
    }

    /** Only tables that are not journaled, and not by a thread that holds the read lock. */
    public static void checkCache(ReentrantReadWriteLock lock, Changes changes) {
        checkNotReading(lock);
        changes.tables().forEach((table, entries) -> {
            if (table.journaled() && !entries.isEmpty()) {
                throw new IllegalStateException(table + " is journaled: it changes only by replay");
            }
        });
    }

    public static void checkNext(long appliedSequence, long sequence) {
        if (sequence != appliedSequence + 1) {
            throw new IllegalStateException("batch " + sequence + " cannot follow batch " + appliedSequence);
        }
    }

    private static void checkNotReading(ReentrantReadWriteLock lock) {
        if (lock.getReadHoldCount() > 0) {
            throw new IllegalStateException("this thread holds the read lock: it would wait for itself");
        }
    }
}
