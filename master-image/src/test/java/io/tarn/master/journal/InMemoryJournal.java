package io.tarn.master.journal;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;

/** A journal in memory, "durable" as long as the object lives: a test that restarts a leader keeps it. */
public final class InMemoryJournal implements Journal {
    private final NavigableMap<Long, Batch> batches = new ConcurrentSkipListMap<>();
    private volatile long last;
    private long epoch;
    private boolean writing;

    /** As after a restart: nobody may append before a new epoch. */
    synchronized void forgetWriter() {
        writing = false;
    }

    @Override
    public long lastSequence() {
        return last;
    }

    @Override
    public long firstSequence() {
        return batches.isEmpty() ? last + 1 : batches.firstKey();
    }

    @Override
    public synchronized long startEpoch() {
        writing = true;
        return ++epoch;
    }

    @Override
    public synchronized void append(long writer, long sequence, byte[] batch) throws TarnException {
        if (batch.length == 0 || batch.length > MAX_BATCH_BYTES) {
            throw new IllegalArgumentException("a batch of " + batch.length + " bytes");
        }
        if (!writing || writer != epoch) {
            throw new TarnException(ErrorCode.NOT_LEADER, "epoch " + epoch + " has begun");
        }
        if (sequence != last + 1) {
            throw new IllegalArgumentException("batch " + sequence + " after batch " + last);
        }
        batches.put(sequence, new Batch(sequence, writer, batch));
        last = sequence;
    }

    @Override
    public Iterator<Batch> read(long fromSequence) throws TarnException {
        if (fromSequence < firstSequence()) {
            throw new TarnException(ErrorCode.NOT_FOUND, "batch " + fromSequence + " has been trimmed");
        }
        return new Iterator<>() {
            private long next = fromSequence;

            @Override
            public boolean hasNext() {
                return next <= last;
            }

            @Override
            public Batch next() {
                Batch batch = batches.get(next++);
                if (batch == null) {
                    throw new NoSuchElementException();
                }
                return batch;
            }
        };
    }

    @Override
    public void trim(long sequence) {
        batches.headMap(sequence, true).clear();
    }

    @Override
    public long sizeBytes() {
        return batches.values().stream()
                .mapToLong(batch -> batch.bytes().length)
                .sum();
    }

    @Override
    public void close() {}
}
