package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn fs cat}. */
@Command(
        name = "cat",
        description = "Write the bytes of files to standard output, whatever --output says.",
        footer = {"", "Examples:", "  tarn fs cat /lake/reports/may.csv", "  tarn fs cat /lake/logs/a.gz | zcat", ""})
final class CatCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files in the namespace.")
    private List<String> paths = List.of();

    CatCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> {
                try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
                    Bytes.read(
                            reader,
                            0,
                            Long.MAX_VALUE,
                            Bytes.to(context.console().out()));
                }
            });
        }
    }
}
