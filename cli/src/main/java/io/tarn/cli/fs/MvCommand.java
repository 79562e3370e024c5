package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs mv}. */
@Command(
        name = "mv",
        description = "Rename a file or directory, or move it into a directory, within one mount.",
        footer = {
            "",
            "Examples:",
            "  tarn fs mv /lake/reports/draft.csv /lake/reports/may.csv",
            "  tarn fs mv /scratch/run-7 /scratch/done/",
            ""
        })
final class MvCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-f", "--force"},
            description = "Replace an existing file.")
    private boolean force;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "What to rename.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "Its new path, or a directory to move it into.")
    private String target = "";

    MvCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            String full = Targets.inNamespace(client, target, Targets.lastName(source));
            client.rename(source, full, force);
            context.output()
                    .done(
                            "renamed " + source + " to " + full,
                            List.of(Field.of("source", source), Field.of("target", full)));
        }
        return 0;
    }
}
