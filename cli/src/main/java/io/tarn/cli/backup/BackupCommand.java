package io.tarn.cli.backup;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.BackupResult;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn backup}. The file appears under its name only once it is whole and on disk, readable for its owner alone. */
@Command(
        name = "backup",
        description =
                "Copy the namespace of the running cluster, as it is now, to a file on this machine. It holds names, attributes,"
                        + " mounts and their credentials; not the data that is cached, and not what a store tells anyway.",
        footer = {
            "",
            "Examples:",
            "  tarn backup /backup/tarn-$(date +%F)",
            "  tarn backup --force --output json /backup/tarn-newest",
            "",
            "\"tarn restore\" makes a master's directory from it.",
            ""
        })
public final class BackupCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-f", "--force"},
            description = "Replace an existing file.")
    private boolean force;

    @Parameters(paramLabel = "FILE", description = "The file to write.")
    private Path file = Path.of("");

    public BackupCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(file)) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, file + " is a directory; name a file in it");
        }
        if (Files.exists(file) && !force) {
            throw new FileAlreadyExistsException(file.toString());
        }
        long startNanos = System.nanoTime();
        Path directory = file.toAbsolutePath().getParent();
        Path parent = directory == null ? file.toAbsolutePath() : directory;
        // Made with mode 0600: credentials are in it.
        Path partial = Files.createTempFile(parent, ".tarn-backup-", ".partial");
        try (TarnClient client = context.connect()) {
            BackupResult result = write(client, partial);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel names = FileChannel.open(parent, StandardOpenOption.READ)) {
                names.force(true);
            }
            report(result, (System.nanoTime() - startNanos) / 1e9);
        } finally {
            Files.deleteIfExists(partial);
        }
        return 0;
    }

    private BackupResult write(TarnClient client, Path partial) throws IOException {
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE);
                BackupProgress progress = new BackupProgress(channel, context.console())) {
            BackupResult result = client.backup(progress);
            channel.force(true);
            return result;
        }
    }

    private void report(BackupResult result, double seconds) throws IOException {
        context.output()
                .done(
                        "backed up the namespace to " + file + ": " + result.entries() + " entries, "
                                + Field.amount(result.lengthBytes())
                                + String.format(Locale.ROOT, " in %.1f s", seconds)
                                + ". Credentials are in it: keep it where only you can read it",
                        List.of(
                                Field.of("backup", file),
                                Field.of("clusterId", result.clusterId()),
                                Field.of("epoch", result.epoch()),
                                Field.of("sequence", result.sequence()),
                                Field.time("createdMillis", result.createdMillis()),
                                Field.of("entries", result.entries()),
                                Field.bytes("lengthBytes", result.lengthBytes()),
                                Field.of("seconds", seconds)));
    }
}
