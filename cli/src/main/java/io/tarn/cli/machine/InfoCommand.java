package io.tarn.cli.machine;

import io.tarn.cli.CommandContext;
import io.tarn.cli.mount.MountFields;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Output;
import io.tarn.cli.output.Printable;
import io.tarn.cli.output.Rows;
import io.tarn.client.ClusterInfo;
import io.tarn.client.MountInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tarn info}: one page that shows what the cluster is and how well it caches. */
@Command(
        name = "info",
        description = "Show capacity, tiers, hit rate, workers and mounts.",
        footer = {"", "Examples:", "  tarn info", "  tarn info --output json | jq .hitRatio", ""})
public final class InfoCommand implements Callable<Integer> {
    private final CommandContext context;

    public InfoCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        ClusterInfo info;
        try (TarnClient client = context.connect()) {
            info = client.clusterInfo();
        }
        Output output = context.output();
        if (context.wantsJson()) {
            List<Field> all = new ArrayList<>(summary(info));
            all.add(nested(
                    "workers", info.workers().stream().map(InfoCommand::worker).toList()));
            all.add(nested(
                    "mounts", info.mounts().stream().map(MountFields::row).toList()));
            output.one(all);
            return 0;
        }
        PrintStream out = context.console().out();
        output.one(summary(info));
        out.println();
        try (Rows rows = output.rows()) {
            for (ClusterInfo.Worker worker : info.workers()) {
                for (ClusterInfo.Tier tier : worker.tiers()) {
                    rows.add(tierRow(worker, tier));
                }
            }
        }
        if (!info.mounts().isEmpty()) {
            out.println();
        }
        try (Rows rows = output.rows()) {
            for (MountInfo mount : info.mounts()) {
                rows.add(MountFields.row(mount));
            }
        }
        return 0;
    }

    private static List<Field> summary(ClusterInfo info) {
        CacheSums sums = CacheSums.of(info.workers());
        return List.of(
                Field.of("cluster", info.clusterId()),
                Field.of("version", info.version()),
                Field.time("startedMillis", info.startedMillis()),
                Field.of("epoch", info.epoch()),
                Field.bytes("capacityBytes", sums.capacityBytes()),
                Field.bytes("usedBytes", sums.usedBytes()),
                Field.bytes("pinnedBytes", sums.pinnedBytes()),
                Field.of("cachedFiles", sums.cachedFiles()),
                Field.ratio("hitRatio", sums.hitRatio()),
                Field.bytes("hitBytes", sums.figure("hitBytes")),
                Field.bytes("missBytes", sums.figure("missBytes")),
                Field.bytes("underStoreReadBytes", sums.figure("underStoreReadBytes")),
                Field.of("underStoreRequests", sums.figure("underStoreRequests")),
                Field.bytes("evictedBytes", sums.figure("evictedBytes")),
                Field.of("ownedInodes", info.ownedInodes()),
                Field.of("mirroredEntries", info.mirroredEntries()),
                Field.of("journalSequence", info.journalSequence()),
                Field.bytes("journalBytes", info.journalBytes()),
                Field.of("unpersistedFiles", info.persists().waitingFiles()),
                Field.bytes("unpersistedBytes", info.persists().waitingBytes()),
                unpersistedSince(info.persists().oldestMillis()),
                Field.of("persistsFailing", info.persists().failing()),
                new Field(
                        "persistFailure",
                        info.persists().failure(),
                        Printable.line(info.persists().failure())));
    }

    private static Field unpersistedSince(long millis) {
        return millis == 0
                ? new Field("unpersistedSinceMillis", null, "-")
                : Field.time("unpersistedSinceMillis", millis);
    }

    private static List<Field> tierRow(ClusterInfo.Worker worker, ClusterInfo.Tier tier) {
        double used = tier.capacityBytes() == 0 ? Double.NaN : (double) tier.usedBytes() / tier.capacityBytes();
        return List.of(
                Field.of("worker", worker.host() + ":" + worker.dataPort()),
                Field.of("state", worker.alive() ? "alive" : "lost"),
                Field.of("tier", tier.name()),
                Field.bytes("capacityBytes", tier.capacityBytes()),
                Field.bytes("usedBytes", tier.usedBytes()),
                Field.ratio("full", used),
                Field.bytes("pinnedBytes", tier.pinnedBytes()));
    }

    private static List<Field> worker(ClusterInfo.Worker worker) {
        return List.of(
                Field.of("id", worker.id()),
                Field.of("host", worker.host()),
                Field.of("dataPort", worker.dataPort()),
                Field.of("alive", worker.alive()),
                Field.time("lastHeartbeatMillis", worker.lastHeartbeatMillis()),
                Field.of("cachedFiles", worker.cachedFiles()),
                Field.of("figures", worker.figures()),
                nested(
                        "tiers",
                        worker.tiers().stream()
                                .map(tier -> List.of(
                                        Field.of("name", tier.name()),
                                        Field.of("capacityBytes", tier.capacityBytes()),
                                        Field.of("usedBytes", tier.usedBytes()),
                                        Field.of("pinnedBytes", tier.pinnedBytes())))
                                .toList()));
    }

    private static Field nested(String name, List<List<Field>> rows) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Field> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            row.forEach(field -> object.put(field.name(), field.value()));
            objects.add(object);
        }
        return Field.of(name, objects);
    }
}
