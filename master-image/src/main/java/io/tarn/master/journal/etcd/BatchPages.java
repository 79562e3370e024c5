package io.tarn.master.journal.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.etcd.EtcdKeys;
import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Batches from one on, a page of them at a time; at their end it looks again each time it is asked. For one thread; waits for etcd. */
final class BatchPages implements Iterator<Journal.Batch> {
    private static final int BATCHES_PER_PAGE = 16;

    private final EtcdConnection etcd;
    private final Deque<BatchValue> page = new ArrayDeque<>();
    private long next;
    private long revision;

    BatchPages(EtcdConnection etcd, long fromSequence) {
        this.etcd = etcd;
        this.next = fromSequence;
    }

    /** The revision at which all before the next batch was there; 0 before anything was read. */
    long revision() {
        return revision;
    }

    @Override
    public boolean hasNext() {
        try {
            if (page.isEmpty()) {
                load();
            }
            return !page.isEmpty();
        } catch (TarnException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Journal.Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.removeFirst().toBatch();
    }

    private void load() throws TarnException {
        GetOption range = GetOption.builder()
                .withRange(etcd.keys().endOfBatches())
                .withLimit(BATCHES_PER_PAGE)
                .build();
        GetResponse answer =
                etcd.await(etcd.client().getKVClient().get(etcd.keys().batch(next), range), "read the journal in etcd");
        revision = answer.getHeader().getRevision();
        for (KeyValue found : answer.getKvs()) {
            long sequence = EtcdKeys.sequence(found.getKey());
            if (sequence != next) {
                throw new TarnException(
                        ErrorCode.NOT_FOUND,
                        "batch " + next + " of the journal in etcd has been trimmed, the next one is " + sequence
                                + ": take a checkpoint from another master");
            }
            page.addLast(BatchValue.decode(sequence, found.getValue()));
            next++;
        }
    }
}
