package io.tarn.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every subcommand understands. Filled by picocli before a command runs. */
public final class GlobalOptions {
    /** Shapes of the output. */
    public enum Format {
        table,
        json
    }

    @Option(
            names = {"-m", "--master"},
            paramLabel = "HOST:PORT",
            scope = ScopeType.INHERIT,
            description = "Masters, separated by commas (default: $TARN_MASTER, else localhost:9650).")
    private @Nullable String master;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The user to act as (default: $TARN_USER, else the user of this process).")
    private @Nullable String user;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "${COMPLETION-CANDIDATES} (default: table).")
    private Format output = Format.table;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show stack traces of failures.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show what a command does, with examples.")
    private boolean help;

    @Nullable
    String master() {
        return master;
    }

    @Nullable
    String user() {
        return user;
    }

    Format output() {
        return output;
    }

    boolean verbose() {
        return verbose;
    }

    boolean help() {
        return help;
    }
}
