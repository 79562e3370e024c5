package io.tarn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command itself: without a subcommand it shows what there is. */
@Command(
        name = "tarn",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        description = "Tarn: a data cache between compute and storage.",
        footer = {
            "",
            "Examples:",
            "  tarn standalone                                   start a cache on this machine",
            "  tarn mount /lake s3://bucket/prefix --option region=eu-central-1",
            "  tarn fs ls /lake",
            "  tarn load /lake/tables/orders                     bring it into the cache",
            "  tarn info                                         capacity and hit rate",
            "",
            "\"tarn COMMAND --help\" shows examples of a command.",
            ""
        },
        exitCodeListHeading = "Exit status:%n")
final class TarnCommand {
    @Mixin
    private final GlobalOptions options;

    TarnCommand(GlobalOptions options) {
        this.options = options;
    }

    GlobalOptions options() {
        return options;
    }
}
