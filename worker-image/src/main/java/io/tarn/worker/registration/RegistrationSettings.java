package io.tarn.worker.registration;

import io.tarn.protocol.master.MasterAddress;
import io.tarn.protocol.placement.Labels;
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
                key = "worker.labels",
                doc =
                        "Labels of this worker as key=value, comma-separated, by which \"tarn place\" and zones tell workers apart; topology.kubernetes.io/zone names the zone, and copies of a file go to different ones.",
                defaultValue = "")
        List<String> labels,

        @Setting(
                key = "worker.directory",
                doc = "Keeps the worker's id over restarts.",
                defaultValue = "/var/lib/tarn/worker")
        Path directory,

        @Setting(
                key = "worker.masters",
                doc =
                        "host:port of each master; a name with several addresses, as that of a headless service, stands for a master at each.",
                defaultValue = "localhost:9650")
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
        labels = List.copyOf(labels);
        checkLabels(labels);
        masters = List.copyOf(masters);
        checkMasters(masters);
    }

    private static void checkMasters(List<String> masters) {
        try {
            masters.forEach(MasterAddress::parse);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("worker.masters: " + e.getMessage(), e);
        }
    }

    private static void checkLabels(List<String> labels) {
        try {
            var unused = Labels.parse(labels);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("worker.labels: " + e.getMessage(), e);
        }
    }
}
