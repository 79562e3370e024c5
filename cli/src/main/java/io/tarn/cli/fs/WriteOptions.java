package io.tarn.cli.fs;

import io.tarn.client.WriteType;
import picocli.CommandLine.Option;

/** How a command writes into the namespace. */
final class WriteOptions {
    @Option(
            names = {"-w", "--write-type"},
            paramLabel = "TYPE",
            description =
                    "${COMPLETION-CANDIDATES} (DEFAULT: what the directory or mount says, else ASYNC_THROUGH on a mount,"
                            + " MUST_CACHE elsewhere).")
    private WriteType writeType = WriteType.DEFAULT;

    WriteType writeType() {
        return writeType;
    }
}
