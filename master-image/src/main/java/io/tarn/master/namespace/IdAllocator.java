package io.tarn.master.namespace;

import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import java.util.function.Consumer;

/**
 * Gives ids that were never given before and never will be: it counts within a journaled range, so a restart loses at most the rest of one. Used within
 * operations only, in the leader's thread.
 */
final class IdAllocator {
    private static final long RANGE = 10_000;

    private long next;

    /** @param committed what the journal has come to at the start */
    IdAllocator(NamespaceView committed) {
        next = committed.nextId();
    }

    long next(NamespaceView view, Consumer<Record> records) {
        long id = next++;
        if (id >= view.nextId()) {
            records.accept(new Record.IdsReserved(id + RANGE));
        }
        return id;
    }
}
