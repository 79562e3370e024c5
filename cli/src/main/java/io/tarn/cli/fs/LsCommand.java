package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Rows;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs ls}: entries as they come from the master, however many there are. */
@Command(
        name = "ls",
        description = "List directories.",
        footer = {
            "",
            "Examples:",
            "  tarn fs ls /lake",
            "  tarn fs ls --recursive --output json /lake/tables",
            "  tarn fs ls --limit 100 --start-after part-00100 /lake/tables/orders",
            ""
        })
final class LsCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Everything below, at any depth.")
    private boolean recursive;

    @Option(
            names = {"-d", "--directory"},
            description = "The directory itself, not what is in it.")
    private boolean directoryItself;

    @Option(names = "--start-after", paramLabel = "NAME", description = "Only names after this one.")
    private String startAfter = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many entries.")
    private int limit;

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Paths in the namespace (default: /).")
    private List<String> paths = List.of("/");

    LsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect();
                Rows rows = context.output().rows()) {
            return context.forEach(paths, path -> list(client, path, rows));
        }
    }

    private void list(TarnClient client, String path, Rows rows) throws IOException {
        if (directoryItself) {
            FileInfo file = client.linkStatus(path);
            rows.add(FileFields.row(file, FileFields.withTarget(file, file.path())));
            return;
        }
        boolean showPaths = recursive || paths.size() > 1;
        try (Listing listing = client.list(path, new ListOptions(recursive, startAfter, limit))) {
            while (listing.hasNext()) {
                FileInfo file = listing.next();
                rows.add(FileFields.row(file, FileFields.withTarget(file, showPaths ? file.path() : file.name())));
            }
        }
    }
}
