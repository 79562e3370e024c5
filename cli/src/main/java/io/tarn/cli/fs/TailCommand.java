package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.DataAmount;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn fs tail}: looks for the start of the last lines from the end backwards. */
@Command(
        name = "tail",
        description = "Write the end of a file to standard output.",
        footer = {
            "",
            "Examples:",
            "  tarn fs tail /lake/logs/today.log",
            "  tarn fs tail --lines 100 /lake/logs/today.log",
            "  tarn fs tail --bytes 8 /lake/tables/orders/part-0.parquet",
            ""
        })
final class TailCommand implements Callable<Integer> {
    private static final int PIECE_BYTES = 64 << 10;

    private final CommandContext context;

    @Mixin
    private PartOptions part = new PartOptions();

    TailCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        DataAmount bytes = part.bytes();
        try (TarnClient client = context.connect();
                FileReader reader = client.open(part.path(), OpenOptions.DEFAULT)) {
            long length = reader.info().lengthBytes();
            long start = bytes != null ? Math.max(0, length - bytes.bytes()) : startOfLines(reader, length);
            Bytes.read(reader, start, length, Bytes.to(context.console().out()));
        }
        return 0;
    }

    private long startOfLines(FileReader reader, long length) throws IOException {
        // A line break at the very end ends the last line; it does not start another.
        long left = part.lines();
        long end = Math.max(0, length - 1);
        while (end > 0 && left > 0) {
            long start = Math.max(0, end - PIECE_BYTES);
            ByteBuffer piece = ByteBuffer.allocate((int) (end - start));
            while (piece.hasRemaining() && reader.read(start + piece.position(), piece) >= 0) {}
            for (int i = piece.position() - 1; i >= 0; i--) {
                if (piece.get(i) == '\n' && --left == 0) {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return part.lines() == 0 ? length : 0;
    }
}
