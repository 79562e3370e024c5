package io.tarn.master.leader;

import io.tarn.master.state.Format;
import io.tarn.master.state.StateWriter;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;

/** How records of type {@code R} are written to the journal and applied to the state. Stateless; {@link #replay} is deterministic and cannot fail. */
public interface RecordType<R> {
    byte[] encode(R record);

    /** @throws TarnException CORRUPT, or UNSUPPORTED for a record of a newer release */
    R decode(ByteBuffer bytes) throws TarnException;

    /** The {@link Format} that a cluster has to have reached before this record is written. */
    default int formatOf(R record) {
        return Format.FIRST;
    }

    void replay(R record, StateWriter state);
}
