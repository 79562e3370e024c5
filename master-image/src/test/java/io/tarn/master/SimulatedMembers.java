package io.tarn.master;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.checkpoint.MemberState;
import io.tarn.master.election.Election;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.journal.etcd.EtcdJournal;
import io.tarn.master.peer.Peers;
import io.tarn.master.rpc.CallServer;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.understore.UnderStores;
import java.time.InstantSource;

/** Opens {@link Member} to simulations. Stateless. */
public final class SimulatedMembers {
    private SimulatedMembers() {}

    public static Member start(
            Lifecycle parts,
            MasterConfig config,
            EtcdConnection etcd,
            Election election,
            EtcdJournal journal,
            MemberState state,
            UnderStores underStores,
            CallServer server,
            Peers peers,
            MeterRegistry meters,
            InstantSource clock) {
        return Member.start(parts, config, etcd, election, journal, state, underStores, server, peers, meters, clock);
    }
}
