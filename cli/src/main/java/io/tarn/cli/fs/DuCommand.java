package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Rows;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn fs du}. */
@Command(
        name = "du",
        description = "Sum up the lengths of all files below paths.",
        footer = {"", "Examples:", "  tarn fs du /lake/tables/orders", "  tarn fs du /lake/a /lake/b --output json", ""
        })
final class DuCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories in the namespace.")
    private List<String> paths = List.of();

    DuCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect();
                Rows rows = context.output().rows()) {
            return context.forEach(paths, path -> rows.add(sum(client, path)));
        }
    }

    private static List<Field> sum(TarnClient client, String path) throws IOException {
        long bytes = 0;
        long cacheOnlyBytes = 0;
        long files = 0;
        long directories = 0;
        try (Listing listing = client.list(path, ListOptions.RECURSIVE)) {
            while (listing.hasNext()) {
                FileInfo file = listing.next();
                if (file.isDirectory()) {
                    directories++;
                    continue;
                }
                files++;
                bytes += file.lengthBytes();
                cacheOnlyBytes += file.persisted() ? 0 : file.lengthBytes();
            }
        }
        return List.of(
                Field.bytes("lengthBytes", bytes),
                Field.bytes("cacheOnlyBytes", cacheOnlyBytes),
                Field.of("files", files),
                Field.of("directories", directories),
                Field.of("path", path));
    }
}
