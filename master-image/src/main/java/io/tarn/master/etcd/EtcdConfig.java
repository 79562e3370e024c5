package io.tarn.master.etcd;

import io.tarn.runtime.config.Setting;
import java.time.Duration;
import java.util.List;

/** Where etcd is, and what of it is this cluster's. */
public record EtcdConfig(
        @Setting(
                key = "master.etcd.endpoints",
                doc =
                        "etcd's members, as http://host:port or https://host:port separated by commas; all masters of a cluster share one etcd. Empty: this master is alone, and its journal is on its own disk.",
                defaultValue = "")
        List<String> endpoints,

        @Setting(
                key = "master.etcd.prefix",
                doc =
                        "Before all keys of this cluster in etcd; two clusters that share an etcd need two prefixes. The user needs rights on what begins with it, and no others.",
                defaultValue = "/tarn/default/")
        String prefix,

        @Setting(
                key = "master.etcd.timeout",
                doc =
                        "How long one request to etcd may take before it is sent again; longer than a slow disk's fsync, shorter than the lease.",
                defaultValue = "1s",
                min = "50ms",
                max = "1m")
        Duration timeout,

        @Setting(
                key = "master.etcd.maintain",
                doc =
                        "Whether the leader compacts etcd after it has trimmed the journal, and gives back the disk, one member at a time. Only for an etcd that is Tarn's own: the history of all keys goes, whoever's they are.",
                defaultValue = "false")
        boolean maintain,

        EtcdAccess access) {
    /** No etcd: the journal is on the master's own disk. */
    public static final EtcdConfig NONE = at(List.of(), "/tarn/default/");

    /** Whether there is one. */
    public boolean isUsed() {
        return !endpoints.isEmpty();
    }

    boolean isEncrypted() {
        return endpoints.stream().anyMatch(endpoint -> endpoint.startsWith("https:"));
    }

    /** The same for an etcd that is Tarn's own. */
    public EtcdConfig maintained() {
        return new EtcdConfig(endpoints, prefix, timeout, true, access);
    }

    /** The same with access of this kind. */
    public EtcdConfig with(EtcdAccess newAccess) {
        return new EtcdConfig(endpoints, prefix, timeout, maintain, newAccess);
    }

    /** The same with more time for each request. */
    public EtcdConfig with(Duration newTimeout) {
        return new EtcdConfig(endpoints, prefix, newTimeout, maintain, access);
    }

    /** All defaults at these members. */
    public static EtcdConfig at(List<String> endpoints, String prefix) {
        return new EtcdConfig(endpoints, prefix, Duration.ofSeconds(1), false, EtcdAccess.OPEN);
    }
}
