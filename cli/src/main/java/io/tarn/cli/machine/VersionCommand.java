package io.tarn.cli.machine;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.protocol.release.Release;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tarn version}. */
@Command(
        name = "version",
        description = "Show the release of this command and the Java that runs it.",
        footer = {"", "Examples:", "  tarn version", ""})
public final class VersionCommand implements Callable<Integer> {
    private final CommandContext context;

    public VersionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        context.output()
                .one(List.of(
                        Field.of("version", Release.version()),
                        Field.of("java", Runtime.version().toString())));
        return 0;
    }
}
