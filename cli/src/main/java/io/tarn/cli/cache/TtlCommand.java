package io.tarn.cli.cache;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.AttributeChange;
import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn ttl}. */
@Command(
        name = "ttl",
        description =
                "Set how long a file, or each file below a directory, lives after its last change; without a duration,"
                        + " show it.",
        footer = {
            "",
            "Examples:",
            "  tarn ttl /lake/logs 30d --action free",
            "  tarn ttl /scratch 7d --action delete",
            "  tarn ttl /scratch/job/part-0",
            "  tarn ttl /scratch --unset",
            ""
        })
public final class TtlCommand implements Callable<Integer> {
    private static final String ATTRIBUTE = "tarn.ttl";

    private final CommandContext context;

    /** What happens to files whose time is over. */
    enum Action {
        free,
        delete
    }

    @Option(
            names = {"-a", "--action"},
            paramLabel = "ACTION",
            description =
                    "free: drop cached data that the under store has (default); delete: delete the file, in the under"
                            + " store too.",
            defaultValue = "free")
    private Action action = Action.free;

    @Option(names = "--unset", description = "Remove it; what the nearest directory above says then holds.")
    private boolean unset;

    @Parameters(index = "0", paramLabel = "PATH", description = "A file or directory in the namespace.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "DURATION", description = "For instance 12h or 7d.")
    private @Nullable String lifetime;

    public TtlCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        String duration = lifetime;
        if (unset && duration != null) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "give a duration or --unset, not both");
        }
        try (TarnClient client = context.connect()) {
            if (unset) {
                var unused = client.setAttributes(path, AttributeChange.NONE.withExtendedAttribute(ATTRIBUTE, null));
            } else if (duration != null) {
                byte[] value = (duration + " " + action).getBytes(StandardCharsets.UTF_8);
                var unused = client.setAttributes(path, AttributeChange.NONE.withExtendedAttribute(ATTRIBUTE, value));
            }
            show(client);
        }
        return 0;
    }

    private void show(TarnClient client) throws IOException {
        FileInfo deciding = deciding(client);
        String[] words = deciding == null ? new String[0] : text(deciding).split(" ", 3);
        String user = words.length < 3 ? null : words[2];
        String sentence = words.length < 2 || deciding == null
                ? "no time to live"
                : words[1] + " " + words[0] + " after the last change"
                        + (deciding.path().equals(path) ? "" : ", as " + deciding.path() + " says");
        context.output()
                .done(
                        path + ": " + sentence,
                        List.of(
                                Field.of("path", path),
                                Field.of("lifetime", words.length < 2 ? null : words[0]),
                                Field.of("action", words.length < 2 ? null : words[1]),
                                Field.of("setBy", user),
                                Field.of("setOn", deciding == null ? null : deciding.path())));
    }

    private static String text(FileInfo file) {
        return new String(file.extendedAttributes().getOrDefault(ATTRIBUTE, new byte[0]), StandardCharsets.UTF_8);
    }

    /** The path itself or the nearest directory above that says something, up to its mount point; null where none does. */
    private @Nullable FileInfo deciding(TarnClient client) throws IOException {
        String at = path;
        while (true) {
            FileInfo file = client.status(at);
            Map<String, byte[]> attributes = file.extendedAttributes();
            if (attributes.containsKey(ATTRIBUTE)) {
                return file;
            }
            if (file.mountPoint() || file.path().equals("/")) {
                return null;
            }
            int slash = file.path().lastIndexOf('/');
            at = slash == 0 ? "/" : file.path().substring(0, slash);
        }
    }
}
