package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Output;
import io.tarn.cli.placement.PlacementShown;
import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn fs stat}. */
@Command(
        name = "stat",
        description = "Show all that is known of files and directories, and how much of a file is cached.",
        footer = {"", "Examples:", "  tarn fs stat /lake/tables/orders/part-0.parquet", ""})
final class StatCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Paths in the namespace.")
    private List<String> paths = List.of();

    StatCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            Output output = context.output();
            return context.forEach(paths, path -> output.one(fields(client, client.linkStatus(path))));
        }
    }

    private List<Field> fields(TarnClient client, FileInfo file) throws IOException {
        List<Field> fields = new ArrayList<>(List.of(
                Field.of("path", file.path()),
                Field.of("type", file.type().name()),
                FileFields.mode(file),
                Field.of("owner", file.owner()),
                Field.of("group", file.group()),
                Field.bytes("lengthBytes", file.lengthBytes()),
                Field.time("modifiedMillis", file.modifiedMillis()),
                Field.of("state", FileFields.state(file)),
                Field.of("linkTarget", file.linkTarget()),
                Field.of("id", Long.toUnsignedString(file.id())),
                Field.of("version", file.version().isEmpty() ? null : file.version()),
                Field.bytes("blockSizeBytes", file.blockSizeBytes()),
                Field.of("storeUri", file.storeUri()),
                Field.of("storeVersion", file.storeVersion()),
                Field.of(
                        "extendedAttributes",
                        List.copyOf(file.extendedAttributes().keySet())),
                PlacementShown.of(client, file).field()));
        if (file.type() == FileInfo.Type.FILE && file.complete()) {
            fields.add(cached(client, file));
        }
        return fields;
    }

    private Field cached(TarnClient client, FileInfo file) throws IOException {
        try (FileReader reader = client.open(file.path(), OpenOptions.DEFAULT)) {
            Map<String, Long> tiers = new TreeMap<>(reader.residency());
            List<String> parts = new ArrayList<>();
            tiers.forEach((tier, bytes) -> parts.add(tier + " " + Field.amount(bytes)));
            return new Field("cachedBytes", tiers, parts.isEmpty() ? "nothing" : String.join(", ", parts));
        }
    }
}
