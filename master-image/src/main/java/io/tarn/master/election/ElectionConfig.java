package io.tarn.master.election;

import io.tarn.runtime.config.Setting;
import java.time.Duration;

/** Settings of the election. */
public record ElectionConfig(
        @Setting(
                key = "master.election.lease",
                doc =
                        "How long a leader that is gone keeps its place. Shorter: another one takes over sooner; a busy etcd or a long pause of the leader costs it its place earlier.",
                defaultValue = "5s",
                min = "2s",
                max = "1m")
        Duration lease) {
    public static final ElectionConfig DEFAULT = new ElectionConfig(Duration.ofSeconds(5));
}
