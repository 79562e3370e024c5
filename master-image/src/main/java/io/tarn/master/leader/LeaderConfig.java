package io.tarn.master.leader;

import io.tarn.runtime.config.Setting;

/** Bounds of the leader. */
public record LeaderConfig(
        @Setting(
                key = "master.leader.queue-operations",
                doc =
                        "Changes of the namespace that may wait for the journal; beyond it callers are told to try again later. A larger value costs memory.",
                defaultValue = "10000",
                min = "16",
                max = "1000000")
        int queueOperations) {
    public static final LeaderConfig DEFAULT = new LeaderConfig(10_000);
}
