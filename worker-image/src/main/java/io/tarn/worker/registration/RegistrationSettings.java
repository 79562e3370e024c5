package io.tarn.worker.registration;

import io.tarn.runtime.config.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Who the worker is, and where its master is. */
public record RegistrationSettings(
        @Setting(
                key = "worker.host",
                doc = "The host name under which clients reach this worker; empty for this machine's own.",
                defaultValue = "")
        String host,

        @Setting(
                key = "worker.engine-hosts",
                doc = "Host names by which compute engines know this node; empty for worker.host alone.",
                defaultValue = "")
        List<String> engineHosts,

        @Setting(
                key = "worker.directory",
                doc = "Keeps the worker's id over restarts.",
                defaultValue = "/var/lib/tarn/worker")
        Path directory,

        @Setting(key = "worker.masters", doc = "host:port of each master.", defaultValue = "localhost:9650")
        List<String> masters,

        @Setting(
                key = "worker.master-timeout",
                doc = "How long one call to a master may take before the next master is tried.",
                defaultValue = "10s",
                min = "100ms",
                max = "5m")
        Duration masterTimeout,

        @Setting(
                key = "worker.pin-review",
                doc = "How often the worker asks the master whether its pinned files still are.",
                defaultValue = "5s",
                min = "10ms",
                max = "10m")
        Duration pinReview) {
    public RegistrationSettings {
        engineHosts = List.copyOf(engineHosts);
        masters = List.copyOf(masters);
    }
}
