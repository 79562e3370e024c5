package io.tarn.master.journal.etcd;

import io.etcd.jetcd.ByteSequence;
import io.tarn.master.journal.Journal;
import io.tarn.protocol.error.TarnException;

/** Opens {@link BatchValue} to simulations. Stateless. */
public final class Batches {
    private Batches() {}

    /** A batch as etcd holds it. */
    public static Journal.Batch of(long sequence, ByteSequence value) {
        try {
            return BatchValue.decode(sequence, value).toBatch();
        } catch (TarnException e) {
            throw new IllegalStateException(e);
        }
    }
}
