package io.tarn.master.rpc;

import com.google.protobuf.ByteString;
import io.tarn.master.backup.BackupWriter;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MasterInfo;
import java.util.List;

/** What the admin and worker calls say about the cluster beside its namespace and workers. Safe for many threads. */
public interface ClusterFacts {
    String clusterId();

    /** The release, for instance "0.1.0". */
    String version();

    long epoch();

    long startedMillis();

    ByteString ticketKey();

    long ownedInodes();

    long mirroredEntries();

    long journalSequence();

    long journalBytes();

    /**
     * Writes a checkpoint now; may take a while.
     *
     * @return the sequence that it holds
     */
    long checkpoint() throws TarnException;

    /** The masters that take part. May wait for etcd, and a second for one that does not answer. */
    List<MasterInfo> masters() throws TarnException;

    /**
     * Chooses who alone may lead after {@link #stepDown}, for a moment.
     *
     * @param address empty: the one that is furthest
     * @return which
     * @throws TarnException INVALID_ARGUMENT where it takes no part; UNSUPPORTED where this one is alone
     */
    String nameSuccessor(String address) throws TarnException;

    /** Leads no more, once what is under way has been answered. */
    void stepDown();

    /** Begins a backup of what is journaled, as it is now. Close it. */
    BackupWriter backup();
}
