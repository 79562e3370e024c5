package io.tarn.cli.cache;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.PersistProgress;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn persist}. */
@Command(
        name = "persist",
        description = "Bring what only the cache holds to the under store now.",
        footer = {
            "",
            "Examples:",
            "  tarn persist /lake/results",
            "  tarn persist --wait --timeout 10m /lake/results",
            ""
        })
public final class PersistCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofDays(30);

    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Directories with all that is below (default).")
    private boolean recursive = true;

    @Option(
            names = {"-w", "--wait"},
            description = "Return when all of it is there; fail where something is not in time.")
    private boolean wait;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "DURATION",
            description = "How long to wait, for instance 10m (default: ${DEFAULT-VALUE}).",
            defaultValue = "1h")
    private Duration timeout = Duration.ofHours(1);

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories in the namespace.")
    private List<String> paths = List.of();

    public PersistCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "--timeout " + timeout + " is out of bounds; choose up to 30d");
        }
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> persist(client, path));
        }
    }

    private void persist(TarnClient client, String path) throws IOException {
        if (!wait) {
            report(path, client.persist(path, recursive));
            return;
        }
        try {
            client.persistAndWait(path, recursive, timeout, progress -> draw(path, progress));
        } finally {
            if (context.console().interactive()) {
                context.console().err().println();
            }
        }
        report(path, new PersistProgress(0, 0, ""));
    }

    private void draw(String path, PersistProgress progress) {
        if (context.console().interactive()) {
            context.console().err().print("\r" + path + ": " + text(progress) + "\u001b[K");
            context.console().err().flush();
        }
    }

    private static String text(PersistProgress progress) {
        if (progress.waiting() == 0) {
            return "everything is in the under store";
        }
        String failing =
                progress.failing() == 0 ? "" : "; " + progress.failing() + " failing: " + progress.firstFailure();
        return progress.waiting() + " files and directories are on their way" + failing;
    }

    private void report(String path, PersistProgress progress) throws IOException {
        context.output()
                .done(
                        path + ": " + text(progress),
                        List.of(
                                Field.of("path", path),
                                Field.of("waiting", progress.waiting()),
                                Field.of("failing", progress.failing()),
                                Field.of("firstFailure", progress.firstFailure())));
    }
}
