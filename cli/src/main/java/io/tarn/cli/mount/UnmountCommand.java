package io.tarn.cli.mount;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn unmount}. */
@Command(
        name = "unmount",
        aliases = "umount",
        description = "Detach under stores from the namespace; what they hold stays in them.",
        footer = {"", "Examples:", "  tarn unmount /lake", ""})
public final class UnmountCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Mount points.")
    private List<String> paths = List.of();

    public UnmountCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> {
                client.unmount(path);
                context.output().done("unmounted " + path, List.of(Field.of("unmounted", path)));
            });
        }
    }
}
