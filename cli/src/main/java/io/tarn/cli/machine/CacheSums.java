package io.tarn.cli.machine;

import io.tarn.client.ClusterInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of all workers, added up.
 *
 * @param cachedFiles a file counts once for each worker that holds some of it
 * @param figures by name, as {@link ClusterInfo.Worker#figures} has them
 */
record CacheSums(long capacityBytes, long usedBytes, long pinnedBytes, long cachedFiles, Map<String, Long> figures) {
    static CacheSums of(List<ClusterInfo.Worker> workers) {
        long capacity = 0;
        long used = 0;
        long pinned = 0;
        long files = 0;
        Map<String, Long> figures = new TreeMap<>();
        for (ClusterInfo.Worker worker : workers) {
            for (ClusterInfo.Tier tier : worker.tiers()) {
                capacity += tier.capacityBytes();
                used += tier.usedBytes();
                pinned += tier.pinnedBytes();
            }
            files += worker.cachedFiles();
            worker.figures().forEach((name, value) -> figures.merge(name, value, Long::sum));
        }
        return new CacheSums(capacity, used, pinned, files, figures);
    }

    long figure(String name) {
        return figures.getOrDefault(name, 0L);
    }

    /** Bytes that readers got from the cache over all they got; NaN before the first read. */
    double hitRatio() {
        long hits = figure("hitBytes");
        long all = hits + figure("missBytes");
        return all == 0 ? Double.NaN : (double) hits / all;
    }
}
