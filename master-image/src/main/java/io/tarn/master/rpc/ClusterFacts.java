package io.tarn.master.rpc;

import com.google.protobuf.ByteString;
import io.tarn.master.backup.BackupWriter;
import io.tarn.protocol.error.TarnException;

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

    /** Begins a backup of what is journaled, as it is now. Close it. */
    BackupWriter backup();
}
