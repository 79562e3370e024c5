package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.AttributeChange;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tarn fs touch}. */
@Command(
        name = "touch",
        description = "Make empty files, or set the modification time of existing ones to now.",
        footer = {"", "Examples:", "  tarn fs touch /lake/tables/orders/_SUCCESS", ""})
final class TouchCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private WriteOptions writing = new WriteOptions();

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files in the namespace.")
    private List<String> paths = List.of();

    TouchCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> touch(client, path));
        }
    }

    private void touch(TarnClient client, String path) throws IOException {
        if (client.statusOrNull(path) == null) {
            try (FileWriter writer = client.create(path, CreateOptions.DEFAULT.withWriteType(writing.writeType()))) {
                writer.flush(false);
            }
        } else {
            client.setAttributes(path, AttributeChange.NONE.withTimes(System.currentTimeMillis(), null));
        }
        context.output().done("touched " + path, List.of(Field.of("touched", path)));
    }
}
