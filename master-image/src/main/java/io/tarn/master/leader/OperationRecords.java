package io.tarn.master.leader;

import io.tarn.master.journal.Journal;
import io.tarn.master.state.Changes;
import io.tarn.master.state.StateWriter;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Takes the records that one operation emits, replaying each at once into the operation's own layer. For one thread and one operation. */
final class OperationRecords<R> implements Consumer<R> {
    private static final int MAX_BYTES = Journal.MAX_BATCH_BYTES - BatchFormat.HEADER_BYTES;

    private final RecordType<R> type;
    private final StateWriter state;
    private final Changes changes;
    private final List<byte[]> encoded = new ArrayList<>(2);
    private int lengthBytes;

    /** @param state writes to {@code changes} */
    OperationRecords(RecordType<R> type, StateWriter state, Changes changes) {
        this.type = type;
        this.state = state;
        this.changes = changes;
    }

    @Override
    public void accept(R emitted) {
        byte[] bytes = type.encode(emitted);
        lengthBytes += BatchFormat.RECORD_HEADER_BYTES + bytes.length;
        if (lengthBytes > MAX_BYTES) {
            throw new UncheckedIOException(new TarnException(
                    ErrorCode.TOO_LARGE,
                    "the change needs more than " + MAX_BYTES
                            + " bytes of journal records: split it into smaller ones"));
        }
        encoded.add(bytes);
        type.replay(emitted, state);
        FormatGate.check(type, emitted, state);
    }

    boolean isEmpty() {
        return encoded.isEmpty();
    }

    List<byte[]> encoded() {
        return encoded;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    Changes changes() {
        return changes;
    }
}
