package io.tarn.master;

import com.google.protobuf.ByteString;
import io.tarn.master.leader.Leader;
import io.tarn.master.namespace.NamespaceConfig;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.TarnException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/** The first record of a new cluster: its name, the key of its tickets, its root directory. Stateless. */
final class ClusterStart {
    private static final int TICKET_KEY_BYTES = 32;
    private static final int ROOT_MODE = 0755;

    private ClusterStart() {}

    /** Who the cluster is; begins one where the state is empty. */
    static NamespaceView.Cluster ensure(
            Leader<Record> leader, StateStore store, InstantSource clock, NamespaceConfig config) throws TarnException {
        NamespaceView.Cluster known = new NamespaceView(store).cluster();
        if (known != null) {
            return known;
        }
        byte[] key = new byte[TICKET_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Inode root = Inode.newDirectory(
                Inode.ROOT_ID,
                new DirectoryKey.Owned(Inode.ROOT_ID),
                "",
                config.effectiveSuperuser(),
                config.supergroup(),
                ROOT_MODE,
                clock.millis());
        Record created = new Record.ClusterCreated(UUID.randomUUID().toString(), ByteString.copyFrom(key), root);
        leader.append(created);
        NamespaceView.Cluster begun = new NamespaceView(store).cluster();
        if (begun == null) {
            throw new IllegalStateException("the first record is committed but not applied");
        }
        return begun;
    }
}
