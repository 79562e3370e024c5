package io.tarn.master.journal;

import io.tarn.protocol.error.TarnException;
import java.util.Iterator;

/**
 * The ordered log of batches of records: the truth about the namespace. This Javadoc is the specification; one contract suite checks every
 * implementation (a local log here, etcd in a cluster).
 *
 * <p>Batches have contiguous sequence numbers from 1. Only the leader of the current epoch appends, one batch at a time: what arrives meanwhile is
 * the caller's next batch. Readers may read and {@link #trim} at any time, in any thread; {@link #append} is for one thread.
 */
public interface Journal extends AutoCloseable {
    /** The largest batch, in bytes. */
    int MAX_BATCH_BYTES = 512 << 10;

    /** Sequence of the last committed batch; 0 for an empty journal. */
    long lastSequence() throws TarnException;

    /** Sequence of the first batch still held; {@code lastSequence() + 1} where none is. */
    long firstSequence() throws TarnException;

    /** Before this epoch nothing that goes with this journal was written: a state with a smaller one is of a history that a restore has ended. */
    default long firstEpoch() throws TarnException {
        return 0;
    }

    /**
     * Becomes the writer of a new epoch, larger than any before; every other writer can append nothing from now on.
     *
     * @return the epoch
     */
    long startEpoch() throws TarnException;

    /**
     * Appends one batch durably (it survives the loss of power once this returns) and atomically (all of it or nothing).
     *
     * @param sequence must be {@code lastSequence() + 1}
     * @param batch from 1 byte to {@link #MAX_BATCH_BYTES}
     * @throws TarnException NOT_LEADER where another epoch has begun; OUTCOME_UNKNOWN where it may have been appended or not, after which the
     *     caller steps down; NO_SPACE and UNAVAILABLE where it certainly was not
     */
    void append(long epoch, long sequence, byte[] batch) throws TarnException;

    /**
     * Committed batches from {@code fromSequence} on, in order, ending with the last one committed when it is reached. The iterator throws
     * {@link java.io.UncheckedIOException} around a {@link TarnException} with CORRUPT that names file and offset where the log is damaged.
     *
     * @throws TarnException NOT_FOUND where {@code fromSequence} has been trimmed: take a checkpoint
     */
    Iterator<Batch> read(long fromSequence) throws TarnException;

    /** Forgets batches up to and including {@code sequence}, now or later; they must be in a durable checkpoint. */
    void trim(long sequence) throws TarnException;

    /** Bytes that the journal takes on its medium. */
    long sizeBytes();

    @Override
    void close();

    /** One committed batch: opaque bytes here. */
    record Batch(long sequence, long epoch, byte[] bytes) {}
}
