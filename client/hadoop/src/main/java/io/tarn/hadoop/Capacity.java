package io.tarn.hadoop;

import io.tarn.client.ClusterInfo;
import java.util.List;
import org.apache.hadoop.fs.FsStatus;

/** How large the cache is. Stateless. */
final class Capacity {
    private Capacity() {}

    /** Over all tiers of all workers that are alive. */
    static FsStatus of(ClusterInfo cluster) {
        long capacity = 0;
        long used = 0;
        for (ClusterInfo.Worker worker : cluster.workers()) {
            for (ClusterInfo.Tier tier : worker.alive() ? worker.tiers() : List.<ClusterInfo.Tier>of()) {
                capacity += tier.capacityBytes();
                used += tier.usedBytes();
            }
        }
        return new FsStatus(capacity, used, capacity - used);
    }
}
