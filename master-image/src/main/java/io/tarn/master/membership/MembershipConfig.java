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
        Duration timeout) {
    /** All defaults. */
    public static final MembershipConfig DEFAULT = new MembershipConfig(Duration.ofSeconds(1), Duration.ofSeconds(10));
}
