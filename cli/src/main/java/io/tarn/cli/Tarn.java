package io.tarn.cli;

import io.tarn.cli.backup.BackupCommand;
import io.tarn.cli.cache.FreeCommand;
import io.tarn.cli.cache.LoadCommand;
import io.tarn.cli.cache.PersistCommand;
import io.tarn.cli.cache.PinCommand;
import io.tarn.cli.cache.TtlCommand;
import io.tarn.cli.cache.UnpinCommand;
import io.tarn.cli.cluster.ClusterCommand;
import io.tarn.cli.fs.FsCommand;
import io.tarn.cli.machine.CompletionCommand;
import io.tarn.cli.machine.DoctorCommand;
import io.tarn.cli.machine.InfoCommand;
import io.tarn.cli.machine.VersionCommand;
import io.tarn.cli.mount.MountCommand;
import io.tarn.cli.mount.MountsCommand;
import io.tarn.cli.mount.SyncCommand;
import io.tarn.cli.mount.UnmountCommand;
import io.tarn.cli.output.Printable;
import io.tarn.cli.placement.PlaceCommand;
import io.tarn.cli.quota.QuotaCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the {@code tarn} command together and runs it. */
public final class Tarn {
    private Tarn() {}

    public static void main(String[] arguments) {
        System.exit(run(Console.ofProcess(), arguments));
    }

    /** Runs one command line. @return the exit status: see {@link ExitCode} */
    public static int run(Console console, String... arguments) {
        CommandLine line = commandLine(console);
        int status = line.execute(arguments);
        console.out().flush();
        console.err().flush();
        return status;
    }

    static CommandLine commandLine(Console console) {
        GlobalOptions options = new GlobalOptions();
        CommandContext context = new CommandContext(console, options);
        CommandLine line = new CommandLine(new TarnCommand(options));
        addOwn(line, context);
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            provider.commands(context).forEach(line::addSubcommand);
        }
        Map<String, String> statuses = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            statuses.put(Integer.toString(code.status()), code.meaning());
        }
        line.getCommandSpec().usageMessage().exitCodeList(statuses);
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.registerConverter(DataAmount.class, DataAmount::parse);
        line.registerConverter(Duration.class, DurationText::parse);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        line.setUsageHelpLongOptionsMaxWidth(32);
        line.setExecutionExceptionHandler((failure, command, parsed) -> Failures.report(failure, context));
        line.setParameterExceptionHandler((failure, given) -> reportUsage(failure, console));
        line.setExecutionStrategy(parsed -> {
            quietLibraries(context);
            return new CommandLine.RunLast().execute(parsed);
        });
        return line;
    }

    private static void addOwn(CommandLine line, CommandContext context) {
        line.addSubcommand(FsCommand.commandLine(context));
        line.addSubcommand(new MountCommand(context));
        line.addSubcommand(new UnmountCommand(context));
        line.addSubcommand(new MountsCommand(context));
        line.addSubcommand(new SyncCommand(context));
        line.addSubcommand(new LoadCommand(context));
        line.addSubcommand(new PersistCommand(context));
        line.addSubcommand(new FreeCommand(context));
        line.addSubcommand(new PinCommand(context));
        line.addSubcommand(new UnpinCommand(context));
        line.addSubcommand(new TtlCommand(context));
        line.addSubcommand(new PlaceCommand(context));
        line.addSubcommand(QuotaCommand.commandLine(context));
        line.addSubcommand(new InfoCommand(context));
        line.addSubcommand(ClusterCommand.commandLine(context));
        line.addSubcommand(new BackupCommand(context));
        line.addSubcommand(DoctorCommand.commandLine(context));
        line.addSubcommand(new CompletionCommand(context));
        line.addSubcommand(new VersionCommand(context));
    }

    private static int reportUsage(ParameterException failure, Console console) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        console.err()
                .println("tarn: " + Printable.line(String.valueOf(failure.getMessage())) + suggestion(failure)
                        + "; see \"" + name + " --help\"");
        return ExitCode.USAGE.status();
    }

    private static String suggestion(ParameterException failure) {
        return failure instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? " (did you mean " + unmatched.getSuggestions().get(0) + "?)"
                : "";
    }

    /** gRPC logs through java.util.logging, whose default prints to the user's terminal. */
    private static void quietLibraries(CommandContext context) {
        if (!context.verbose()) {
            LogManager.getLogManager().reset();
        }
    }
}
