package io.tarn.master.state;

import io.tarn.protocol.error.TarnException;
import java.nio.file.Path;

/**
 * The committed state of the namespace, on disk or in memory. This Javadoc is the specification; one contract suite checks every implementation.
 *
 * <p>Journaled tables change only by {@link #commit}, one journal batch at a time, in order. {@link Table#MIRROR} changes by {@link #cache}, in any
 * order, by any thread. Reads are allowed in any thread at any time and see whole commits: each single call does, and several calls do
 * between {@link #readLock} and its unlock.
 *
 * <p>"Applied" is not "durable": after a crash the store opens at {@link #durableSequence()}, with exactly the state after that batch, and the rest
 * is replayed from the journal.
 */
public interface StateStore extends StateReader, AutoCloseable {
    /** Sequence of the last batch applied; 0 for an empty store. */
    long appliedSequence();

    /** Sequence of the last batch that would survive a crash now. */
    long durableSequence();

    /** Applies the changes of the batch {@code sequence}, which must be {@code appliedSequence() + 1}, atomically. */
    void commit(long sequence, Changes changes);

    /** Changes the mirror, atomically; {@code changes} holds nothing else. */
    void cache(Changes changes);

    /** Empties the mirror, whatever its size at once: where others have led since, what it holds may be too old. */
    void forgetMirror();

    /** While it is held (shortly: no I/O but this store's), no commit and no cache change happens. Reentrant; shared by readers. */
    java.util.concurrent.locks.Lock readLock();

    /** Makes everything applied durable; {@link #durableSequence()} follows. */
    void flush() throws TarnException;

    /**
     * Writes a checkpoint, a directory from which {@code restore} of the implementation makes the same store again, into {@code directory}, which does
     * not exist yet. Cheap: unchanged files are linked.
     *
     * @return the sequence that it holds
     */
    long checkpoint(Path directory) throws TarnException;

    /** Entries in a table, roughly. */
    long estimatedEntries(Table table);

    @Override
    void close();
}
