package io.tarn.worker.page.store;

import io.tarn.protocol.v1.TierUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** What the tiers hold and can hold, over all directories of each. Thread-safe. */
final class TierFigures {
    private final List<TierDirectory> directories;

    /** @param directories those of one tier side by side */
    TierFigures(List<TierDirectory> directories) {
        this.directories = directories;
    }

    long capacityBytes() {
        return sum(directory -> true, TierDirectory::capacityBytes);
    }

    List<TierUsage> usage() {
        List<TierUsage> usages = new ArrayList<>();
        for (TierDirectory directory : directories) {
            TierUsage own = TierUsage.newBuilder()
                    .setTier(directory.tier())
                    .setCapacityBytes(directory.capacityBytes())
                    .setUsedBytes(directory.usedBytes())
                    .setPinnedBytes(directory.pinnedBytes().get())
                    .build();
            TierUsage last = usages.isEmpty() ? null : usages.getLast();
            if (last != null && last.getTier().equals(own.getTier())) {
                usages.set(
                        usages.size() - 1,
                        last.toBuilder()
                                .setCapacityBytes(last.getCapacityBytes() + own.getCapacityBytes())
                                .setUsedBytes(last.getUsedBytes() + own.getUsedBytes())
                                .setPinnedBytes(last.getPinnedBytes() + own.getPinnedBytes())
                                .build());
            } else {
                usages.add(own);
            }
        }
        return usages;
    }

    void registerGauges(PageStoreMetrics metrics) {
        for (TierUsage usage : usage()) {
            String tier = usage.getTier();
            metrics.gauge(
                    "tier_used_bytes",
                    "Bytes of cached pages and their indexes",
                    tier,
                    () -> sum(tier, TierDirectory::usedBytes));
            metrics.gauge(
                    "pinned_bytes",
                    "Bytes of pinned files and their indexes",
                    tier,
                    () -> sum(tier, directory -> directory.pinnedBytes().get()));
            metrics.gauge(
                    "tier_capacity_bytes",
                    "Bytes that the tier may hold",
                    tier,
                    () -> sum(tier, TierDirectory::capacityBytes));
        }
    }

    private long sum(String tier, ToLongFunction<TierDirectory> value) {
        return sum(directory -> directory.tier().equals(tier), value);
    }

    private long sum(Predicate<TierDirectory> wanted, ToLongFunction<TierDirectory> value) {
        return directories.stream().filter(wanted).mapToLong(value).sum();
    }
}
