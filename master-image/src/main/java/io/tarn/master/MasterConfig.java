package io.tarn.master;

import io.tarn.master.checkpoint.CheckpointConfig;
import io.tarn.master.election.ElectionConfig;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.membership.MembershipConfig;
import io.tarn.master.namespace.NamespaceConfig;
import io.tarn.master.rpc.RpcConfig;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.runtime.config.Setting;
import java.nio.file.Path;

/** Settings of a master. */
public record MasterConfig(
        @Setting(
                key = "master.directory",
                doc =
                        "Where the master keeps its journal and its state; it needs a disk whose writes survive a loss of power.",
                defaultValue = "/var/lib/tarn/master")
        Path directory,

        RpcConfig rpc,
        NamespaceConfig namespace,
        MembershipConfig membership,
        LeaderConfig leader,
        JournalConfig journal,
        StateConfig state,
        CheckpointConfig checkpoint,
        EtcdConfig etcd,
        ElectionConfig election) {
    /** All defaults but the directory and the port. */
    public static MasterConfig of(Path directory, int port) {
        return new MasterConfig(
                directory,
                RpcConfig.DEFAULT.withPort(port),
                NamespaceConfig.DEFAULT,
                MembershipConfig.DEFAULT,
                LeaderConfig.DEFAULT,
                JournalConfig.DEFAULT,
                StateConfig.DEFAULT,
                CheckpointConfig.DEFAULT,
                EtcdConfig.NONE,
                ElectionConfig.DEFAULT);
    }
}
