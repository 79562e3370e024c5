package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Printable;
import io.tarn.cli.output.Rows;
import io.tarn.client.FileInfo;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs tree}: walks with one open listing a level, so that neither a wide nor a deep tree is held. */
@Command(
        name = "tree",
        description = "Show a directory and what is below it as a tree.",
        footer = {"", "Examples:", "  tarn fs tree /lake", "  tarn fs tree --depth 2 /lake/tables", ""})
final class TreeCommand implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = {"-d", "--depth"},
            paramLabel = "N",
            description = "At most so many levels (default: ${DEFAULT-VALUE}).")
    private int depth = 16;

    @Parameters(paramLabel = "PATH", arity = "0..1", description = "A directory (default: /).")
    private String path = "/";

    TreeCommand(CommandContext context) {
        this.context = context;
    }

    /** A directory being walked; {@code indent} is what stands before its children. */
    private record Level(Listing listing, String indent) {}

    @Override
    public Integer call() throws IOException {
        Deque<Level> levels = new ArrayDeque<>();
        try (TarnClient client = context.connect();
                Rows rows = context.wantsJson() ? context.output().rows() : new TextRows(context)) {
            FileInfo root = client.status(path);
            add(rows, root, root.path());
            if (root.isDirectory()) {
                levels.push(new Level(client.list(path, ListOptions.CHILDREN), ""));
            }
            while (!levels.isEmpty()) {
                step(client, levels, rows);
            }
        } finally {
            levels.forEach(level -> level.listing().close());
        }
        return 0;
    }

    private void step(TarnClient client, Deque<Level> levels, Rows rows) throws IOException {
        Level level = levels.element();
        if (!level.listing().hasNext()) {
            levels.pop().listing().close();
            return;
        }
        FileInfo file = level.listing().next();
        boolean last = !level.listing().hasNext();
        add(rows, file, level.indent() + (last ? "└── " : "├── ") + Printable.line(file.name()));
        if (file.isDirectory() && levels.size() < depth) {
            levels.push(new Level(open(client, file), level.indent() + (last ? "    " : "│   ")));
        }
    }

    private static Listing open(TarnClient client, FileInfo directory) throws TarnException {
        return client.list(directory.path(), ListOptions.CHILDREN);
    }

    private static void add(Rows rows, FileInfo file, String drawn) throws IOException {
        rows.add(List.of(
                new Field("path", file.path(), drawn),
                Field.of("type", file.type().name()),
                Field.bytes("lengthBytes", file.lengthBytes())));
    }

    /** Prints the drawn name of each row, and the length of files. */
    private record TextRows(CommandContext context) implements Rows {
        @Override
        public void add(List<Field> row) {
            boolean isFile = "FILE".equals(row.get(1).value());
            context.console()
                    .out()
                    .println(row.get(0).text() + (isFile ? "  " + row.get(2).text() : "/"));
        }

        @Override
        public void close() {
            context.console().out().flush();
        }
    }
}
