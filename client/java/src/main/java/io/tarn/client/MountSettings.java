package io.tarn.client;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a store is mounted. Most callers change {@link #DEFAULT} by its {@code with} methods.
 *
 * @param syncInterval how old metadata may be; zero = always look; null = never look again; see {@link #DEFAULT_SYNC_INTERVAL}
 * @param properties settings of the store's adapter, without secrets
 * @param credentials secrets; {@link #toString} does not show them
 * @param readBytesPerSecond 0 = unlimited; likewise the other two limits
 * @param writeType of what is written below where neither the call nor a directory says; DEFAULT: ASYNC_THROUGH
 * @param cacheQuota what the mount is granted of the cache
 */
public record MountSettings(
        boolean readOnly,
        @Nullable Duration syncInterval,
        Map<String, String> properties,
        Map<String, String> credentials,
        long readBytesPerSecond,
        long writeBytesPerSecond,
        int requestsPerSecond,
        WriteType writeType,
        CacheQuota cacheQuota) {
    public static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofMinutes(1);
    public static final MountSettings DEFAULT = new MountSettings(
            false, DEFAULT_SYNC_INTERVAL, Map.of(), Map.of(), 0, 0, 0, WriteType.DEFAULT, CacheQuota.NONE);

    public MountSettings withReadOnly(boolean changed) {
        return new MountSettings(
                changed,
                syncInterval,
                properties,
                credentials,
                readBytesPerSecond,
                writeBytesPerSecond,
                requestsPerSecond,
                writeType,
                cacheQuota);
    }

    public MountSettings withSyncInterval(@Nullable Duration changed) {
        return new MountSettings(
                readOnly,
                changed,
                properties,
                credentials,
                readBytesPerSecond,
                writeBytesPerSecond,
                requestsPerSecond,
                writeType,
                cacheQuota);
    }

    /** What the store's adapter is told, secrets apart. */
    public MountSettings withStore(Map<String, String> itsProperties, Map<String, String> itsCredentials) {
        return new MountSettings(
                readOnly,
                syncInterval,
                Map.copyOf(itsProperties),
                Map.copyOf(itsCredentials),
                readBytesPerSecond,
                writeBytesPerSecond,
                requestsPerSecond,
                writeType,
                cacheQuota);
    }

    public MountSettings withWriteType(WriteType changed) {
        return new MountSettings(
                readOnly,
                syncInterval,
                properties,
                credentials,
                readBytesPerSecond,
                writeBytesPerSecond,
                requestsPerSecond,
                changed,
                cacheQuota);
    }

    public MountSettings withCacheQuota(CacheQuota changed) {
        return new MountSettings(
                readOnly,
                syncInterval,
                properties,
                credentials,
                readBytesPerSecond,
                writeBytesPerSecond,
                requestsPerSecond,
                writeType,
                changed);
    }

    @Override
    public String toString() {
        return "MountSettings[readOnly=" + readOnly + ", syncInterval=" + syncInterval + ", properties=" + properties
                + ", credentials=" + credentials.keySet() + ", writeType=" + writeType
                + ", cacheQuota=" + cacheQuota + "]";
    }
}
