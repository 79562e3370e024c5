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

/**
 * Batches from one on, a page of them at a time; at their end it looks again each time it is asked. A page has as many as are likely to come to {@link #PAGE_BYTES}, and never
 * more than one answer of etcd may hold. For one thread; waits for etcd.
 */
final class BatchPages implements Iterator<Journal.Batch> {
    private static final int FIRST_PAGE = 4;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int LARGEST_PAGE = EtcdConnection.MAX_ANSWER_BYTES / Journal.MAX_BATCH_BYTES - 2;

    private final EtcdConnection etcd;
    private final Deque<BatchValue> page = new ArrayDeque<>();
    private int limit = FIRST_PAGE;
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
                .withLimit(limit)
                .build();
        GetResponse answer =
                etcd.await(etcd.client().getKVClient().get(etcd.keys().batch(next), range), "read the journal in etcd");
        revision = answer.getHeader().getRevision();
        long bytes = 0;
        for (KeyValue found : answer.getKvs()) {
            bytes += found.getValue().size();
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
        if (!page.isEmpty()) {
            limit = (int) Math.clamp(PAGE_BYTES * (long) page.size() / Math.max(1, bytes), 1, LARGEST_PAGE);
        }
    }
}
