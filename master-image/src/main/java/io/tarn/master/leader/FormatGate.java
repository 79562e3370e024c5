package io.tarn.master.leader;

import io.tarn.master.state.Format;
import io.tarn.master.state.StateReader;

/** Through here goes each record, before it is written and when it is replayed: none is of a newer format than the cluster has reached. Stateless. */
final class FormatGate {
    private FormatGate() {}

    /**
     * @param state after the record, which may be the one that raises the format
     * @throws IllegalStateException where it is newer: whoever made the record should have asked for the cluster's format
     */
    static <R> void check(RecordType<R> type, R record, StateReader state) {
        int needed = type.formatOf(record);
        if (needed > Format.FIRST && needed > Format.of(state)) {
            throw new IllegalStateException("a record of format " + needed + " in a cluster of format "
                    + Format.of(state) + ": " + record.getClass().getSimpleName());
        }
    }
}
