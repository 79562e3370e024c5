package io.tarn.cli.quota;

import io.tarn.cli.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of subcommands on quotas. */
@Command(
        name = "quota",
        synopsisSubcommandLabel = "COMMAND",
        description = "Limit how much may be below directories: what Tarn itself owns, not what is in an under store.",
        footer = {
            "",
            "Examples:",
            "  tarn quota set /scratch --bytes 100GiB --inodes 1000000",
            "  tarn quota show /scratch",
            "  tarn quota clear /scratch",
            ""
        })
public final class QuotaCommand {
    private QuotaCommand() {}

    /** The group with its subcommands. */
    public static CommandLine commandLine(CommandContext context) {
        CommandLine line = new CommandLine(new QuotaCommand());
        line.addSubcommand(new QuotaSetCommand(context));
        line.addSubcommand(new QuotaClearCommand(context));
        line.addSubcommand(new QuotaShowCommand(context));
        return line;
    }
}
