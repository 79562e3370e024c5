package io.tarn.cli.mount;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.SyncResult;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn sync}. */
@Command(
        name = "sync",
        description = "Look at the under store now, so that changes made behind the cache's back are seen.",
        footer = {"", "Examples:", "  tarn sync /lake/tables/orders", "  tarn sync --recursive /lake/tables", ""})
public final class SyncCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Everything below, at any depth.")
    private boolean recursive;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories of a mount.")
    private List<String> paths = List.of();

    public SyncCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> {
                SyncResult result = client.sync(path, recursive);
                context.output()
                        .done(
                                path + ": looked at " + result.entriesSeen() + ", found " + result.entriesChanged()
                                        + " changed",
                                List.of(
                                        Field.of("path", path),
                                        Field.of("entriesSeen", result.entriesSeen()),
                                        Field.of("entriesChanged", result.entriesChanged())));
            });
        }
    }
}
