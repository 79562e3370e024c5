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
        Duration lease,

        @Setting(
                key = "master.election.address",
                doc =
                        "host:port under which clients, workers and other masters find this one. Empty: this machine's host name, and master.port.",
                defaultValue = "")
        String address) {
    public static final ElectionConfig DEFAULT = new ElectionConfig(Duration.ofSeconds(5), "");
}
