package io.tarn.client;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a store is mounted.
 *
 * @param syncInterval how old metadata may be; zero = always look; null = never look again; see {@link #DEFAULT_SYNC_INTERVAL}
 * @param properties settings of the store's adapter, without secrets
 * @param credentials secrets; {@link #toString} does not show them
 * @param readBytesPerSecond 0 = unlimited; likewise the other two limits
 */
public record MountSettings(
        boolean readOnly,
        @Nullable Duration syncInterval,
        Map<String, String> properties,
        Map<String, String> credentials,
        long readBytesPerSecond,
        long writeBytesPerSecond,
        int requestsPerSecond) {
    public static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofMinutes(1);
    public static final MountSettings DEFAULT =
            new MountSettings(false, DEFAULT_SYNC_INTERVAL, Map.of(), Map.of(), 0, 0, 0);

    @Override
    public String toString() {
        return "MountSettings[readOnly=" + readOnly + ", syncInterval=" + syncInterval + ", properties=" + properties
                + ", credentials=" + credentials.keySet() + "]";
    }
}
