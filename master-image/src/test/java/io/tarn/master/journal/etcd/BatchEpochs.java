package io.tarn.master.journal.etcd;

import io.etcd.jetcd.ByteSequence;
import io.tarn.protocol.error.TarnException;

/** Opens {@link BatchValue} to simulations. Stateless. */
public final class BatchEpochs {
    private BatchEpochs() {}

    /** The epoch of a batch as etcd holds it. */
    public static long of(long sequence, ByteSequence value) {
        try {
            return BatchValue.decode(sequence, value).epoch();
        } catch (TarnException e) {
            throw new IllegalStateException(e);
        }
    }
}
