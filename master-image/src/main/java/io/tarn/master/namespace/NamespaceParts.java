package io.tarn.master.namespace;

import io.tarn.master.leader.Leader;
import io.tarn.master.mirror.Mirror;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateStore;
import io.tarn.master.work.PathLocks;
import io.tarn.master.work.StoreExecutor;
import java.time.InstantSource;

/**
 * What the operations of the namespace are made with.
 *
 * @param clock the time as files and other machines have it; it may jump
 * @param steadyClock never jumps; says how long ago something was
 */
record NamespaceParts(
        Leader<Record> leader,
        StateStore store,
        MountTables mountTables,
        Mirror mirror,
        MirrorDefaults defaults,
        Users users,
        PathLocks locks,
        Leases leases,
        CallWindow calls,
        IdAllocator ids,
        Tickets tickets,
        Workers workers,
        StoreExecutor executor,
        StatusMessages statuses,
        InstantSource clock,
        InstantSource steadyClock,
        NamespaceConfig config) {}
