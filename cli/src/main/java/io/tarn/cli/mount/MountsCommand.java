package io.tarn.cli.mount;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Rows;
import io.tarn.client.MountInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tarn mounts}. */
@Command(
        name = "mounts",
        description = "List the mounts.",
        footer = {"", "Examples:", "  tarn mounts", "  tarn mounts --output json", ""})
public final class MountsCommand implements Callable<Integer> {
    private final CommandContext context;

    public MountsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            list(context, client);
        }
        return 0;
    }

    static void list(CommandContext context, TarnClient client) throws IOException {
        try (Rows rows = context.output().rows()) {
            for (MountInfo mount : client.mounts()) {
                rows.add(MountFields.row(mount));
            }
        }
    }
}
