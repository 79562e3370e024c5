package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs ln}. */
@Command(
        name = "ln",
        description = "Make a symbolic link. It stays in the namespace: no under store holds it.",
        footer = {
            "",
            "Examples:",
            "  tarn fs ln -s /lake/tables/orders-2026-05 /lake/tables/orders",
            "  tarn fs ln -s orders-2026-05 /lake/tables/orders",
            ""
        })
final class LnCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-s", "--symbolic"},
            description = "A symbolic link; there are no others.")
    private boolean symbolic;

    @Option(
            names = {"-p", "--parents"},
            description = "Make missing parents too.")
    private boolean parents;

    @Parameters(
            index = "0",
            paramLabel = "TARGET",
            description = "Where it leads: absolute, or from the link's directory.")
    private String target = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "The link.")
    private String path = "";

    LnCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (!symbolic) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "only symbolic links can be made; give -s");
        }
        try (TarnClient client = context.connect()) {
            client.createLink(path, target, parents);
            context.output()
                    .done(path + " -> " + target, List.of(Field.of("path", path), Field.of("linkTarget", target)));
        }
        return 0;
    }
}
