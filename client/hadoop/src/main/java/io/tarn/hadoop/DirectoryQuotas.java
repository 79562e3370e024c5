package io.tarn.hadoop;

import io.tarn.client.QuotaInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import org.apache.hadoop.fs.QuotaUsage;
import org.jspecify.annotations.Nullable;

/** Quotas as Hadoop speaks of them. Thread-safe. */
final class DirectoryQuotas {
    /** HDFS's word for a limit that stays as it is. */
    private static final long UNCHANGED = Long.MAX_VALUE;

    private final TarnClient client;

    DirectoryQuotas(TarnClient client) {
        this.client = client;
    }

    /** The quota of a directory itself; null where it has none, or is a file. */
    @Nullable
    QuotaInfo of(String name) throws IOException {
        try {
            QuotaInfo own = client.quotas(name).get(0);
            return own.isLimited() ? own : null;
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_A_DIRECTORY) {
                return null;
            }
            throw HadoopErrors.whenLooking(name, e);
        }
    }

    @Nullable
    QuotaUsage usage(String name) throws IOException {
        QuotaInfo quota = of(name);
        return quota == null
                ? null
                : new QuotaUsage.Builder()
                        .fileAndDirectoryCount(quota.usedInodes())
                        .quota(quota.maxInodes())
                        .spaceConsumed(quota.usedBytes())
                        .spaceQuota(quota.maxBytes())
                        .build();
    }

    void set(String name, long maxInodes, long maxBytes) throws IOException {
        try {
            var unused = client.setQuota(name, limit(maxInodes), limit(maxBytes));
        } catch (TarnException e) {
            throw HadoopErrors.of(name, e);
        }
    }

    private static @Nullable Long limit(long asked) {
        return asked == UNCHANGED ? null : Long.valueOf(asked);
    }
}
