package io.tarn.cli.fs;

import io.tarn.cli.DataAmount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which file, and how much of it: lines unless bytes are given. */
final class PartOptions {
    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "So many lines (default: ${DEFAULT-VALUE}).")
    private long lines = 10;

    @Option(
            names = {"-c", "--bytes"},
            paramLabel = "SIZE",
            description = "So many bytes instead, for instance 512 or 64KiB.")
    private @Nullable DataAmount bytes;

    @Parameters(paramLabel = "PATH", description = "A file in the namespace.")
    private String path = "";

    long lines() {
        return lines;
    }

    @Nullable
    DataAmount bytes() {
        return bytes;
    }

    String path() {
        return path;
    }
}
