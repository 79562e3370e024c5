package io.tarn.cli.quota;

import io.tarn.cli.CommandContext;
import io.tarn.client.QuotaInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn quota clear}. */
@Command(
        name = "clear",
        description = "Remove the quota of directories.",
        footer = {"", "Examples:", "  tarn quota clear /scratch", ""})
final class QuotaClearCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Directories in the namespace.")
    private List<String> paths = List.of();

    QuotaClearCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(
                    paths, path -> QuotaFields.report(context, client.setQuota(path, QuotaInfo.NONE, QuotaInfo.NONE)));
        }
    }
}
