package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.DataAmount;
import io.tarn.cli.output.Field;
import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs truncate}. */
@Command(
        name = "truncate",
        description = "Cut files to their first bytes.",
        footer = {"", "Examples:", "  tarn fs truncate --length 1MiB /lake/logs/today.log", ""})
final class TruncateCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-l", "--length"},
            paramLabel = "SIZE",
            description = "Bytes to keep, for instance 1MiB (default: 0).")
    private DataAmount length = new DataAmount(0);

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files in the namespace.")
    private List<String> paths = List.of();

    TruncateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> truncate(client, path));
        }
    }

    private void truncate(TarnClient client, String path) throws IOException {
        FileInfo file = client.truncate(path, length.bytes());
        context.output()
                .done(
                        "cut " + path + " to " + Field.amount(file.lengthBytes()),
                        List.of(Field.of("path", path), Field.bytes("lengthBytes", file.lengthBytes())));
    }
}
