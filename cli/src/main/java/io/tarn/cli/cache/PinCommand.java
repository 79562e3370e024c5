package io.tarn.cli.cache;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn pin}. */
@Command(
        name = "pin",
        description = "Keep files in the cache: what is cached at or below a path, now and later, is never evicted.",
        footer = {
            "",
            "Examples:",
            "  tarn pin /lake/tables/dimensions",
            "  tarn pin --load /lake/models/current",
            "  tarn info                           shows how much is pinned",
            ""
        })
public final class PinCommand implements Callable<Integer> {
    private static final int FILES_AT_ONCE = 4;

    private final CommandContext context;

    @Option(
            names = {"-l", "--load"},
            description = "Also bring all of it into the cache now.")
    private boolean load;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or directories in the namespace.")
    private List<String> paths = List.of();

    public PinCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> pin(client, path));
        }
    }

    private void pin(TarnClient client, String path) throws IOException {
        FileInfo top = client.setPinned(path, true);
        if (load) {
            load(client, path);
        }
        PinWalk walk = new PinWalk(client);
        walk.run(top);
        long refusals = walk.sum().refusals();
        context.output()
                .done(
                        "pinned " + path + ": "
                                + Field.amount(walk.sum().pinnedBytes()) + " of " + walk.files()
                                + " files are cached and pinned" + (refusals == 0 ? "" : refused(refusals)),
                        List.of(
                                Field.of("path", path),
                                Field.of("files", walk.files()),
                                Field.bytes("pinnedBytes", walk.sum().pinnedBytes()),
                                Field.of("refusedFiles", refusals)));
    }

    private static String refused(long refusals) {
        return "; " + refusals
                + " are cached but not pinned: workers pin no more than worker.tiers.max-pinned-percent of"
                + " their capacity; unpin something, or add capacity";
    }

    private void load(TarnClient client, String path) throws IOException {
        try (Progress progress = new Progress(context.console());
                Loader loader = new Loader(client, FILES_AT_ONCE, 0, true, progress)) {
            loader.submit(path);
            loader.await();
        }
    }
}
