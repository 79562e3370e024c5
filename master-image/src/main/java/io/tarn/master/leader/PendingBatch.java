package io.tarn.master.leader;

import io.tarn.master.state.Changes;
import java.util.ArrayList;
import java.util.List;

/** Records that go to the journal together, the changes that their replay made, and who waits for them. Built by one thread, then not changed any more. */
final class PendingBatch<R> {
    private final Changes changes = new Changes();
    private final List<byte[]> records = new ArrayList<>();
    private final List<PendingOperation<R, ?>> waiting = new ArrayList<>();
    private int lengthBytes = BatchFormat.HEADER_BYTES;

    Changes changes() {
        return changes;
    }

    List<PendingOperation<R, ?>> waiting() {
        return waiting;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean hasRecords() {
        return !records.isEmpty();
    }

    int lengthBytes() {
        return lengthBytes;
    }

    /** Adds an operation without records, which waits for what it has seen. */
    void addWaiting(PendingOperation<R, ?> operation) {
        waiting.add(operation);
    }

    /** Adds an operation with its records. */
    void add(PendingOperation<R, ?> operation, OperationRecords<R> emitted) {
        waiting.add(operation);
        records.addAll(emitted.encoded());
        lengthBytes += emitted.lengthBytes();
        changes.putAll(emitted.changes());
    }

    byte[] encode() {
        return BatchFormat.encode(records, lengthBytes);
    }
}
