package io.tarn.cli.cache;

import io.tarn.cli.CommandContext;
import io.tarn.cli.DataAmount;
import io.tarn.cli.output.Field;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn load}. */
@Command(
        name = "load",
        description =
                "Bring files into the cache. What is cached already is skipped, so a load that was stopped goes on"
                        + " where it was.",
        footer = {
            "",
            "Examples:",
            "  tarn load /lake/tables/orders",
            "  tarn load --parallel 8 --bandwidth 200MiB /lake/tables",
            ""
        })
public final class LoadCommand implements Callable<Integer> {
    private static final int MAX_PARALLEL = 64;

    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Directories with all that is below (default).")
    private boolean recursive = true;

    @Option(
            names = {"-p", "--parallel"},
            paramLabel = "N",
            description = "Files loaded at the same time, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private int parallel = 4;

    @Option(
            names = {"-b", "--bandwidth"},
            paramLabel = "SIZE",
            description = "Bytes a second in all, at most, for instance 200MiB.")
    private DataAmount bandwidth = new DataAmount(0);

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories in the namespace.")
    private List<String> paths = List.of();

    public LoadCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (parallel < 1 || parallel > MAX_PARALLEL) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--parallel " + parallel + " is out of bounds; choose 1 to " + MAX_PARALLEL);
        }
        Progress progress = new Progress(context.console());
        try (TarnClient client = context.connect();
                Loader loader = new Loader(client, parallel, bandwidth.bytes(), recursive, progress)) {
            int status;
            try (progress) {
                int refused = context.forEach(paths, loader::submit);
                int failed = context.forEach(List.of(""), nothing -> loader.await());
                status = refused == 0 ? failed : refused;
            }
            report(loader, progress);
            return status;
        }
    }

    private void report(Loader loader, Progress progress) throws IOException {
        context.output()
                .done(
                        "loaded " + Field.amount(loader.fetchedBytes()) + "; "
                                + Field.amount(loader.seenBytes() - loader.fetchedBytes())
                                + " were cached already (" + loader.files() + " files, "
                                + String.format(Locale.ROOT, "%.1f s)", progress.seconds()),
                        List.of(
                                Field.of("files", loader.files()),
                                Field.bytes("lengthBytes", loader.seenBytes()),
                                Field.bytes("fetchedBytes", loader.fetchedBytes()),
                                Field.of("seconds", progress.seconds())));
    }
}
