package io.tarn.cli.cache;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn unpin}. */
@Command(
        name = "unpin",
        description = "Let the cache evict what \"tarn pin\" kept; below a pinned directory this makes an exception.",
        footer = {"", "Examples:", "  tarn unpin /lake/tables/dimensions", ""})
public final class UnpinCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories in the namespace.")
    private List<String> paths = List.of();

    public UnpinCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> unpin(client, path));
        }
    }

    private void unpin(TarnClient client, String path) throws IOException {
        PinWalk walk = new PinWalk(client);
        walk.run(client.setPinned(path, false));
        long kept = walk.sum().pinnedBytes();
        context.output()
                .done(
                        "unpinned " + path
                                + (kept == 0
                                        ? ""
                                        : "; " + Field.amount(kept)
                                                + " below it stay pinned: their own directories say so"),
                        List.of(
                                Field.of("path", path),
                                Field.of("files", walk.files()),
                                Field.bytes("pinnedBytes", kept)));
    }
}
