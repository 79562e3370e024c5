package io.tarn.cli.fs;

import picocli.CommandLine.Option;

/** What all commands that copy files understand. */
final class CopyOptions {
    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Directories with all that is below.")
    private boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "Replace existing files.")
    private boolean force;

    boolean recursive() {
        return recursive;
    }

    boolean force() {
        return force;
    }
}
