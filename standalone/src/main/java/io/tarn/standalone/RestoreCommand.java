package io.tarn.standalone;

import io.tarn.cli.CommandContext;
import io.tarn.cli.ExitCode;
import io.tarn.cli.output.Field;
import io.tarn.master.MasterConfig;
import io.tarn.master.MasterSettings;
import io.tarn.master.backup.Backup;
import io.tarn.master.backup.BackupReader;
import io.tarn.master.backup.Restoration;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.ConfigException;
import io.tarn.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn restore}: works on files, without a running master. */
@Command(
        name = "restore",
        description =
                "Make a master's directory from a backup, while no master uses it; every checksum is verified before anything is"
                        + " changed. The master that starts there begins a new epoch. Run it as the master's user. Of several masters that share a"
                        + " journal in etcd restore one; the others take its state when they start.",
        footer = {
            "",
            "Examples:",
            "  tarn restore --check /backup/tarn-2026-05-01                     only look at it",
            "  tarn restore /backup/tarn-2026-05-01 --directory /var/lib/tarn/master",
            "  tarn restore /backup/tarn-2026-05-01 --directory ~/.tarn/master --force",
            "  tarn restore /backup/tarn-2026-05-01 --config /etc/tarn/master-0   masters that share a journal in etcd",
            ""
        })
final class RestoreCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-d", "--directory"},
            paramLabel = "DIR",
            description = "The setting master.directory; for tarn standalone \"master\" in its data directory.")
    private @Nullable Path directory;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The settings of that master: its directory, and where it has one its etcd, which must hold nothing below the"
                            + " prefix.")
    private @Nullable Path configFile;

    @Option(
            names = {"-f", "--force"},
            description = "Where a master has left files there, move them to \"replaced-N\" in it.")
    private boolean force;

    @Option(names = "--check", description = "Verify the backup and show what it is of; restore nothing.")
    private boolean check;

    @Parameters(paramLabel = "FILE", description = "What \"tarn backup\" has written.")
    private Path file = Path.of("");

    RestoreCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (check) {
            BackupReader.Content content = BackupReader.read(file, puts -> {});
            report("the backup " + file + " is whole", content, null);
            return 0;
        }
        MasterConfig config;
        try {
            config = config();
        } catch (ConfigException e) {
            e.problems().forEach(problem -> context.console().err().println("tarn: " + problem));
            return ExitCode.USAGE.status();
        }
        directory = config.directory().toAbsolutePath().normalize();
        Restoration.Result result = new Restoration(file, directory, config.etcd(), InstantSource.system()).run(force);
        String aside = result.replaced() == null
                ? ""
                : ". What was there is in " + result.replaced() + ": delete it when all is well";
        report("restored " + directory + " from " + file + aside, result.content(), result.replaced());
        return 0;
    }

    private MasterConfig config() throws TarnException {
        if (configFile != null && directory == null) {
            return ConfigLoader.fromProcess(configFile)
                    .withEnvironment(context.console().environment())
                    .load(MasterSettings.class)
                    .master();
        }
        if (directory == null || configFile != null) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "where to: name the master's directory with --directory, or its settings with --config");
        }
        return MasterConfig.of(directory, 0);
    }

    private void report(String sentence, BackupReader.Content content, @Nullable Path replaced) throws IOException {
        Backup backup = content.backup();
        List<Field> fields = new ArrayList<>(List.of(
                Field.of(check ? "checked" : "restored", check ? file : directory),
                Field.of("clusterId", backup.clusterId()),
                Field.of("release", backup.release()),
                Field.of("epoch", backup.epoch()),
                Field.of("sequence", backup.sequence()),
                Field.time("createdMillis", backup.createdMillis()),
                Field.of("entries", content.entries()),
                Field.bytes("lengthBytes", content.lengthBytes())));
        if (replaced != null) {
            fields.add(Field.of("replaced", replaced));
        }
        context.output()
                .done(
                        sentence + " (cluster " + backup.clusterId() + " as of "
                                + Instant.ofEpochMilli(backup.createdMillis()) + ", batch " + backup.sequence() + ", "
                                + content.entries() + " entries)",
                        fields);
    }
}
