package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.DataAmount;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn fs head}: reads no further than it must. */
@Command(
        name = "head",
        description = "Write the start of a file to standard output.",
        footer = {
            "",
            "Examples:",
            "  tarn fs head /lake/reports/may.csv",
            "  tarn fs head --lines 3 /lake/reports/may.csv",
            "  tarn fs head --bytes 4 /lake/tables/orders/part-0.parquet",
            ""
        })
final class HeadCommand implements Callable<Integer> {
    private static final int PIECE_BYTES = 64 << 10;

    private final CommandContext context;

    @Mixin
    private PartOptions part = new PartOptions();

    HeadCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        PrintStream out = context.console().out();
        DataAmount bytes = part.bytes();
        try (TarnClient client = context.connect();
                FileReader reader = client.open(part.path(), OpenOptions.DEFAULT)) {
            if (bytes != null) {
                Bytes.read(reader, 0, bytes.bytes(), Bytes.to(out));
            } else {
                writeLines(reader, Bytes.to(out));
            }
        }
        return 0;
    }

    private void writeLines(FileReader reader, Bytes.Sink sink) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long position = 0;
        long left = part.lines();
        while (left > 0) {
            piece.clear();
            int count = reader.read(position, piece);
            if (count < 0) {
                return;
            }
            int end = 0;
            while (end < count && left > 0) {
                left -= piece.get(end++) == '\n' ? 1 : 0;
            }
            sink.write(piece.array(), end);
            position += count;
        }
    }
}
