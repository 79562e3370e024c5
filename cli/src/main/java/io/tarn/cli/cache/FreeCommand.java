package io.tarn.cli.cache;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn free}. */
@Command(
        name = "free",
        description = "Drop cached data that the under store holds too; nothing is lost.",
        footer = {"", "Examples:", "  tarn free /lake/tables/orders-2019", "  tarn free --recursive /lake", ""})
public final class FreeCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Directories with all that is below.")
    private boolean recursive;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories in the namespace.")
    private List<String> paths = List.of();

    public FreeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> free(client, path));
        }
    }

    private void free(TarnClient client, String path) throws IOException {
        FileInfo file = client.status(path);
        if (file.isDirectory() && !recursive) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, path + " is a directory; use --recursive");
        }
        long freed = 0;
        long kept = 0;
        if (file.isDirectory()) {
            try (Listing listing = client.list(path, ListOptions.RECURSIVE)) {
                while (listing.hasNext()) {
                    FileInfo child = listing.next();
                    if (child.type() == FileInfo.Type.FILE && child.persisted()) {
                        freed += client.free(child.path());
                    } else if (child.type() == FileInfo.Type.FILE) {
                        kept++;
                    }
                }
            }
        } else {
            freed = client.free(path);
        }
        context.output()
                .done(
                        "freed " + Field.amount(freed) + " of " + path
                                + (kept == 0 ? "" : "; kept " + kept + " files that only the cache holds"),
                        List.of(
                                Field.of("path", path),
                                Field.bytes("freedBytes", freed),
                                Field.of("cacheOnlyFiles", kept)));
    }
}
