package io.tarn.worker.registration;

import io.tarn.protocol.error.TarnException;
import java.nio.file.Path;

/**
 * The id of the cluster whose pages this worker holds, kept in its directory from its first registration on. Another cluster gives the same ids to other
 * files, so a worker with pages must never join one. For one thread.
 */
final class ClusterMark {
    private final KeptLine line;

    ClusterMark(Path directory) {
        line = new KeptLine(directory.resolve("cluster-id"));
    }

    /** The id; "" before the first registration. */
    String read() throws TarnException {
        String kept = line.read();
        return kept == null ? "" : kept;
    }

    void keep(String clusterId) throws TarnException {
        if (!clusterId.equals(read())) {
            line.write(clusterId);
        }
    }
}
