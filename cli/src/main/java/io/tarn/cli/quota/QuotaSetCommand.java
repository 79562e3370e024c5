package io.tarn.cli.quota;

import io.tarn.cli.CommandContext;
import io.tarn.cli.DataAmount;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn quota set}. */
@Command(
        name = "set",
        description = "Set the quota of directories; a limit that is not given stays as it is.",
        footer = {"", "Examples:", "  tarn quota set /scratch --bytes 100GiB --inodes 1000000", ""})
final class QuotaSetCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-b", "--bytes"},
            paramLabel = "AMOUNT",
            description = "At most so much data, for instance 100GiB.")
    private @Nullable DataAmount bytes;

    @Option(
            names = {"-i", "--inodes"},
            paramLabel = "COUNT",
            description = "At most so many files and directories.")
    private @Nullable Long inodes;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Directories in the namespace.")
    private List<String> paths = List.of();

    QuotaSetCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        DataAmount data = bytes;
        if (data == null && inodes == null) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "give --bytes, --inodes or both");
        }
        if (inodes != null && inodes < 0) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--inodes " + inodes + " is negative; \"tarn quota clear\" removes a quota");
        }
        try (TarnClient client = context.connect()) {
            return context.forEach(
                    paths,
                    path -> QuotaFields.report(
                            context, client.setQuota(path, inodes, data == null ? null : Long.valueOf(data.bytes()))));
        }
    }
}
