package io.tarn.master.record;

import io.tarn.master.state.StateWriter;
import io.tarn.master.state.Table;

/** Replay of who belongs to the cluster. Stateless. */
final class WorkerReplay {
    private WorkerReplay() {}

    /** One that comes back at another place goes on leaving where it was. */
    static void join(StateWriter state, Record.WorkerJoined record) {
        KnownWorker known = new NamespaceView(state).worker(record.workerId());
        boolean leaving = known != null && known.leaving();
        put(state, record.workerId(), new KnownWorker(record.place(), record.timeMillis(), leaving));
    }

    static void setLeaving(StateWriter state, Record.WorkerLeaving record) {
        KnownWorker known = new NamespaceView(state).worker(record.workerId());
        if (known != null) {
            put(state, record.workerId(), new KnownWorker(known.place(), known.joinedMillis(), record.leaving()));
        }
    }

    private static void put(StateWriter state, long workerId, KnownWorker worker) {
        state.put(Table.META, Keys.worker(workerId), worker.encode());
    }
}
