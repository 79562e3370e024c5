package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.AttributeChange;
import io.tarn.client.FileInfo;
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

/** {@code tarn fs chown}. */
@Command(
        name = "chown",
        description = "Change owner and group.",
        footer = {
            "",
            "Examples:",
            "  tarn fs chown ana /scratch/ana",
            "  tarn fs chown --recursive ana:analysts /scratch/team",
            "  tarn fs chown :analysts /scratch/team",
            ""
        })
final class ChownCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Everything below, too.")
    private boolean recursive;

    @Parameters(index = "0", paramLabel = "OWNER[:GROUP]", description = "New owner, group, or both.")
    private String ownership = "";

    @Parameters(index = "1..*", paramLabel = "PATH", arity = "1..*", description = "Paths in the namespace.")
    private List<String> paths = List.of();

    ChownCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        int colon = ownership.indexOf(':');
        String owner = colon < 0 ? ownership : ownership.substring(0, colon);
        String group = colon < 0 ? "" : ownership.substring(colon + 1);
        if (owner.isEmpty() && group.isEmpty()) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "no owner and no group given; write OWNER, OWNER:GROUP or :GROUP");
        }
        try (TarnClient client = context.connect()) {
            return context.forEach(paths, path -> change(client, path, emptyToNull(owner), emptyToNull(group)));
        }
    }

    private void change(TarnClient client, String path, @Nullable String owner, @Nullable String group)
            throws IOException {
        FileInfo after = client.setAttributes(
                path, AttributeChange.NONE.withOwner(owner, group).withRecursive(recursive));
        context.output()
                .done(
                        path + " belongs to " + after.owner() + ":" + after.group(),
                        List.of(
                                Field.of("path", path),
                                Field.of("owner", after.owner()),
                                Field.of("group", after.group())));
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
