package io.tarn.master.membership;

import io.tarn.runtime.config.Setting;
import java.time.Duration;

/** Settings of the membership of workers. */
public record MembershipConfig(
        @Setting(
                key = "master.worker-heartbeat",
                doc =
                        "How often workers report; a shorter time finds dead ones earlier and costs the master more calls.",
                defaultValue = "1s",
                min = "50ms",
                max = "1m")
        Duration heartbeat,

        @Setting(
                key = "master.worker-timeout",
                doc = "A worker that is silent for longer counts as down; keep it at several heartbeats.",
                defaultValue = "10s",
                min = "200ms",
                max = "10m")
        Duration timeout,

        @Setting(
                key = "master.worker-removal",
                doc =
                        "A worker that is silent for longer is no member of the cluster any more; it joins again when it comes back.",
                defaultValue = "1h",
                min = "1s",
                max = "30d")
        Duration removal) {
    /** All defaults. */
    public static final MembershipConfig DEFAULT =
            new MembershipConfig(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofHours(1));
}
