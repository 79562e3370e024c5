package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of subcommands on files. */
@Command(
        name = "fs",
        synopsisSubcommandLabel = "COMMAND",
        description = "Work on files and directories of the namespace.",
        footer = {
            "",
            "Examples:",
            "  tarn fs ls /lake/tables",
            "  tarn fs put report.csv /lake/reports/",
            "  tarn fs cat /lake/reports/report.csv | head -3",
            ""
        })
public final class FsCommand {
    private FsCommand() {}

    /** The group with its subcommands. */
    public static CommandLine commandLine(CommandContext context) {
        CommandLine line = new CommandLine(new FsCommand());
        line.addSubcommand(new LsCommand(context));
        line.addSubcommand(new TreeCommand(context));
        line.addSubcommand(new StatCommand(context));
        line.addSubcommand(new CatCommand(context));
        line.addSubcommand(new HeadCommand(context));
        line.addSubcommand(new TailCommand(context));
        line.addSubcommand(new PutCommand(context));
        line.addSubcommand(new GetCommand(context));
        line.addSubcommand(new CpCommand(context));
        line.addSubcommand(new MvCommand(context));
        line.addSubcommand(new RmCommand(context));
        line.addSubcommand(new MkdirCommand(context));
        line.addSubcommand(new LnCommand(context));
        line.addSubcommand(new DuCommand(context));
        line.addSubcommand(new TouchCommand(context));
        line.addSubcommand(new TruncateCommand(context));
        line.addSubcommand(new ChmodCommand(context));
        line.addSubcommand(new ChownCommand(context));
        line.addSubcommand(new ChecksumCommand(context));
        return line;
    }
}
