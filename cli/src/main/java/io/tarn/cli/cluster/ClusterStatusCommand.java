package io.tarn.cli.cluster;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Printable;
import io.tarn.cli.output.Rows;
import io.tarn.client.ClusterInfo;
import io.tarn.client.MasterState;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tarn cluster status}: one line for each master and worker. */
@Command(
        name = "status",
        description = "Show each master and worker, what it does, and how far a standby is behind.",
        footer = {"", "Examples:", "  tarn cluster status", "  tarn cluster status --output json", ""})
final class ClusterStatusCommand implements Callable<Integer> {
    private final CommandContext context;

    ClusterStatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect();
                Rows rows = context.output().rows()) {
            List<MasterState> masters = client.masters();
            long last = masters.stream()
                    .mapToLong(MasterState::appliedSequence)
                    .max()
                    .orElse(0);
            for (MasterState master : masters) {
                rows.add(row(master, last));
            }
            for (ClusterInfo.Worker worker : client.clusterInfo().workers()) {
                rows.add(row(worker));
            }
        }
        return 0;
    }

    private static List<Field> row(MasterState master, long last) {
        return List.of(
                Field.of("address", master.address()),
                Field.of("part", "master"),
                Field.of("state", state(master)),
                Field.of("behindBatches", master.answers() ? last - master.appliedSequence() : null),
                Field.of("cachedFiles", null),
                Field.of("labels", null),
                new Field("problem", master.problem(), Printable.line(master.problem())));
    }

    private static String state(MasterState master) {
        if (!master.answers()) {
            return "silent";
        }
        return master.leads() ? "leads" : "follows";
    }

    private static String state(ClusterInfo.Worker worker) {
        if (!worker.alive()) {
            return "lost";
        }
        if (worker.leaving()) {
            return worker.drained() ? "drained" : "leaving";
        }
        return "alive";
    }

    private static List<Field> row(ClusterInfo.Worker worker) {
        return List.of(
                Field.of("address", worker.host() + ":" + worker.dataPort()),
                Field.of("part", "worker"),
                Field.of("state", state(worker)),
                Field.of("behindBatches", null),
                Field.of("cachedFiles", worker.cachedFiles()),
                labels(worker.labels()),
                Field.of("problem", ""));
    }

    private static Field labels(Map<String, String> labels) {
        Map<String, String> sorted = new TreeMap<>(labels);
        List<String> texts = new ArrayList<>();
        sorted.forEach((key, value) -> texts.add(key + "=" + value));
        return new Field("labels", sorted, texts.isEmpty() ? "-" : Printable.line(String.join(",", texts)));
    }
}
