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

/** {@code tarn fs mkdir}. */
@Command(
        name = "mkdir",
        description = "Make directories.",
        footer = {"", "Examples:", "  tarn fs mkdir /lake/reports", "  tarn fs mkdir --parents /scratch/a/b/c", ""})
final class MkdirCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-p", "--parents"},
            description = "Make missing parents too; an existing directory is no error.")
    private boolean parents;

    @Option(names = "--mode", paramLabel = "OCTAL", description = "Permission bits (default: ${DEFAULT-VALUE}).")
    private String mode = "755";

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Directories to make.")
    private List<String> paths = List.of();

    MkdirCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        int bits = Modes.apply(mode, 0755, true);
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> {
                client.makeDirectory(path, parents, parents, bits);
                context.output().done("made " + path, List.of(Field.of("made", path)));
            });
        }
    }
}
