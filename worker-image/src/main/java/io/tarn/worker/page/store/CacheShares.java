package io.tarn.worker.page.store;

import io.tarn.worker.page.CacheQuota;
import io.tarn.worker.page.eviction.CacheShare;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shares of the cache by mount. Thread-safe. */
final class CacheShares {
    private static final Logger LOG = LoggerFactory.getLogger(CacheShares.class);

    private final CacheShare common = new CacheShare(CacheQuota.NONE);
    private volatile Map<Long, CacheShare> byMount = Map.of();

    CacheShare common() {
        return common;
    }

    CacheShare of(long mountId) {
        return byMount.getOrDefault(mountId, common);
    }

    boolean isKnown(CacheShare share) {
        return share == common || byMount.containsValue(share);
    }

    /** What the mount has of the cache; 0 where it has no quota. */
    long usedBytes(String mount) {
        return byMount.values().stream()
                .filter(share -> share.quota().mount().equals(mount))
                .mapToLong(CacheShare::usedBytes)
                .sum();
    }

    /** @return whether anything is different now */
    synchronized boolean replace(Map<Long, CacheQuota> quotas, long capacityBytes) {
        Map<Long, CacheShare> next = new HashMap<>();
        quotas.forEach((mountId, quota) -> {
            CacheShare known = byMount.get(mountId);
            if (!quota.isNone()) {
                next.put(mountId, known != null && known.quota().equals(quota) ? known : new CacheShare(quota));
            }
        });
        long guaranteedBytes =
                quotas.values().stream().mapToLong(CacheQuota::guaranteeBytes).sum();
        if (next.equals(byMount)) {
            return false;
        }
        if (guaranteedBytes > capacityBytes) {
            LOG.warn(
                    "the mounts' cache guarantees are {} bytes together, and this worker has {}: lower them, or add capacity",
                    guaranteedBytes,
                    capacityBytes);
        }
        byMount = Map.copyOf(next);
        return true;
    }
}
