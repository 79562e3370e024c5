package io.tarn.master.namespace;

import io.tarn.runtime.config.DataSize;
import io.tarn.runtime.config.Setting;
import java.time.Duration;
import java.util.List;

/** Settings of the namespace. */
public record NamespaceConfig(
        @Setting(
                key = "master.superuser",
                doc = "The user who may do everything; empty means the user that runs the master.")
        String superuser,

        @Setting(
                key = "master.supergroup",
                doc = "Members of this group may do everything.",
                defaultValue = "supergroup")
        String supergroup,

        @Setting(
                key = "master.groups",
                doc =
                        "Groups of users as user:group|group, comma-separated, the first one being the primary group; users not named here have the groups that the master's operating system gives them.")
        List<String> groups,

        @Setting(
                key = "master.lease",
                doc =
                        "How long a file being written stays its writer's without a sign of life; a longer lease keeps the path of a dead writer blocked for longer.",
                defaultValue = "60s",
                min = "1s",
                max = "1h")
        Duration lease,

        @Setting(
                key = "master.ticket-lifetime",
                doc =
                        "How long workers honour a ticket; a longer one lets a reader go on for longer without the master.",
                defaultValue = "4h",
                min = "1m",
                max = "7d")
        Duration ticketLifetime,

        @Setting(
                key = "master.block-size",
                doc =
                        "Size of a block where neither writer nor store says one; larger blocks mean fewer places per file.",
                defaultValue = "64MiB",
                min = "1MiB",
                max = "16GiB")
        DataSize blockSize,

        @Setting(
                key = "master.store-operations",
                doc =
                        "Calls that may wait for under stores at the same time; beyond it callers are told to try again later. More take more memory and put more load on the stores.",
                defaultValue = "1024",
                min = "8",
                max = "100000")
        int storeOperations,

        @Setting(
                key = "master.path-wait",
                doc =
                        "How long a change of a path waits for other changes there that an under store has not finished, before it is told to try again.",
                defaultValue = "10s",
                min = "10ms",
                max = "10m")
        Duration pathWait,

        @Setting(
                key = "master.persist-delay",
                doc =
                        "How long after its completion a file written with ASYNC_THROUGH goes to its under store; a longer delay spares the store what is soon renamed or deleted.",
                defaultValue = "1s",
                min = "0s",
                max = "1d")
        Duration persistDelay,

        @Setting(
                key = "master.persist-exclude",
                doc =
                        "What lies below a directory whose name begins with one of these is not persisted until it is renamed to elsewhere, or persisted on demand.",
                defaultValue = "_temporary,.hive-staging,.spark-staging,.staging")
        List<String> persistExclude,

        @Setting(
                key = "master.persists",
                doc =
                        "Files that workers bring to under stores at the same time; more take more bandwidth from readers.",
                defaultValue = "64",
                min = "1",
                max = "10000")
        int persists,

        @Setting(
                key = "master.ttl-interval",
                doc =
                        "How often files are looked for whose time to live is over; a shorter one finds them sooner, and lists directories with a time to live more often.",
                defaultValue = "10m",
                min = "100ms",
                max = "7d")
        Duration ttlInterval,

        @Setting(
                key = "master.copies",
                doc =
                        "On how many workers a file is that no under store holds, before its writer is told that it is there; fewer where fewer workers are up. More survive the loss of more workers, and take more memory and network.",
                defaultValue = "2",
                min = "1",
                max = "8")
        int copies,

        @Setting(
                key = "master.healing-delay",
                doc =
                        "How long a worker may be away before what it held is copied from others; a longer one spares the network when workers restart.",
                defaultValue = "1m",
                min = "100ms",
                max = "1d")
        Duration healingDelay) {
    /** All defaults. */
    public static final NamespaceConfig DEFAULT = new NamespaceConfig(
            "",
            "supergroup",
            List.of(),
            Duration.ofSeconds(60),
            Duration.ofHours(4),
            new DataSize(64L << 20),
            1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            List.of("_temporary", ".hive-staging", ".spark-staging", ".staging"),
            64,
            Duration.ofMinutes(10),
            2,
            Duration.ofMinutes(1));

    /** The configured superuser, or the user that runs this process. */
    public String effectiveSuperuser() {
        return superuser.isEmpty() ? System.getProperty("user.name") : superuser;
    }
}
