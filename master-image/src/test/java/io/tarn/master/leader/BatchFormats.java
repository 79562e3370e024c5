package io.tarn.master.leader;

import io.tarn.master.journal.Journal;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/** Looks into batches for simulations. Stateless. */
public final class BatchFormats {
    private BatchFormats() {}

    /**
     * The cluster's format after a batch.
     *
     * @param before the one before it
     */
    public static int after(Journal.Batch batch, int before) {
        int format = before;
        try {
            ByteBuffer records = BatchFormat.open(batch.sequence(), batch.bytes());
            while (records.hasRemaining()) {
                Record decoded = new RecordCodec().decode(BatchFormat.nextRecord(batch.sequence(), records));
                if (decoded instanceof Record.FormatRaised raised) {
                    format = raised.format();
                }
            }
        } catch (TarnException e) {
            throw new IllegalStateException(e);
        }
        return format;
    }
}
