package io.tarn.client;

import java.util.List;
import java.util.Map;

/** A look at the whole cluster. */
public record ClusterInfo(
        String clusterId,
        String version,
        long epoch,
        long startedMillis,
        long ownedInodes,
        long mirroredEntries,
        long journalSequence,
        long journalBytes,
        List<Worker> workers,
        List<MountInfo> mounts,
        Persists persists) {
    /**
     * What mounts are to hold, and do not yet.
     *
     * @param oldestMillis since when the oldest waits; 0 = nothing does
     * @param failing those among them whose last attempt failed
     * @param failure what one of these met, with its path; empty where none failed
     */
    public record Persists(long waitingFiles, long waitingBytes, long oldestMillis, long failing, String failure) {}

    /**
     * One worker.
     *
     * @param leaving it is being decommissioned
     * @param drained nothing is lost with it any more
     * @param labels by which placement tells it from others
     */
    public record Worker(
            String id,
            String host,
            int dataPort,
            boolean alive,
            long lastHeartbeatMillis,
            List<Tier> tiers,
            Map<String, Long> figures,
            long cachedFiles,
            boolean leaving,
            boolean drained,
            Map<String, String> labels) {}

    /** One tier of a worker. */
    public record Tier(String name, long capacityBytes, long usedBytes, long pinnedBytes) {}
}
