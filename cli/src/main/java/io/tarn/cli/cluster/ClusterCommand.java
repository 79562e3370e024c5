package io.tarn.cli.cluster;

import io.tarn.cli.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of subcommands on the processes of a cluster. */
@Command(
        name = "cluster",
        aliases = "master",
        synopsisSubcommandLabel = "COMMAND",
        description = "Show the masters and workers of a cluster, let another master lead, and let a worker go.",
        footer = {
            "",
            "Examples:",
            "  tarn cluster status",
            "  tarn cluster transfer",
            "  tarn cluster transfer tarn-master-1.tarn:9650",
            "  tarn cluster decommission --wait 10m node-7:9651",
            ""
        })
public final class ClusterCommand {
    private ClusterCommand() {}

    /** The group with its subcommands. */
    public static CommandLine commandLine(CommandContext context) {
        CommandLine line = new CommandLine(new ClusterCommand());
        line.addSubcommand(new ClusterStatusCommand(context));
        line.addSubcommand(new ClusterTransferCommand(context));
        line.addSubcommand(new ClusterDecommissionCommand(context));
        return line;
    }
}
