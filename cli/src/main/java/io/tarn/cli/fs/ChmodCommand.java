package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.AttributeChange;
import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs chmod}. */
@Command(
        name = "chmod",
        description = "Change permission bits.",
        footer = {
            "",
            "Examples:",
            "  tarn fs chmod 640 /lake/reports/may.csv",
            "  tarn fs chmod g+w,o-rwx /scratch/team",
            "  tarn fs chmod --recursive 750 /scratch/team",
            ""
        })
final class ChmodCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Everything below, too; the mode is given in octal then.")
    private boolean recursive;

    @Parameters(index = "0", paramLabel = "MODE", description = "Octal (640) or symbolic (u+x,go-w).")
    private String mode = "";

    @Parameters(index = "1..*", paramLabel = "PATH", arity = "1..*", description = "Paths in the namespace.")
    private List<String> paths = List.of();

    ChmodCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Modes.apply(mode, 0, false);
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> change(client, path));
        }
    }

    private void change(TarnClient client, String path) throws IOException {
        FileInfo before = client.status(path);
        int bits = Modes.apply(mode, before.mode(), before.isDirectory());
        FileInfo after =
                client.setAttributes(path, AttributeChange.NONE.withMode(bits).withRecursive(recursive));
        context.output()
                .done(
                        "mode of " + path + " is " + Modes.text(after),
                        List.of(Field.of("path", path), FileFields.mode(after)));
    }
}
