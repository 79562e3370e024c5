package io.tarn.cli.quota;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Rows;
import io.tarn.client.QuotaInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn quota show}. */
@Command(
        name = "show",
        description = "Show what is below a directory, and the quotas that it is under; without a path, all quotas.",
        footer = {"", "Examples:", "  tarn quota show", "  tarn quota show /scratch/team/job", ""})
final class QuotaShowCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "PATH", arity = "0..1", description = "A directory in the namespace.")
    private String path = "";

    QuotaShowCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect();
                Rows rows = context.output().rows()) {
            for (QuotaInfo quota : path.isEmpty() ? client.quotas() : client.quotas(path)) {
                rows.add(QuotaFields.of(quota));
            }
            return 0;
        }
    }
}
