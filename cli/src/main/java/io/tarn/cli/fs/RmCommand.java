package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs rm}. */
@Command(
        name = "rm",
        description = "Remove files and directories, from the under store too.",
        footer = {
            "",
            "Examples:",
            "  tarn fs rm /lake/reports/old.csv",
            "  tarn fs rm --recursive /lake/tables/orders-2019",
            "",
            "To empty the cache only, use \"tarn free\".",
            ""
        })
final class RmCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Directories with all that is below.")
    private boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "What does not exist is no error.")
    private boolean force;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Paths in the namespace.")
    private List<String> paths = List.of();

    RmCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> remove(client, path));
        }
    }

    private void remove(TarnClient client, String path) throws IOException {
        try {
            client.delete(path, recursive);
        } catch (TarnException e) {
            if (force && e.code() == ErrorCode.NOT_FOUND) {
                return;
            }
            throw e;
        }
        context.output().done("removed " + path, List.of(Field.of("removed", path)));
    }
}
