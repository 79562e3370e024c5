package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs put}. A file that fails half-way is dropped; one that it was to replace stays. */
@Command(
        name = "put",
        description = "Copy local files and directories into the namespace.",
        footer = {
            "",
            "Examples:",
            "  tarn fs put may.csv june.csv /lake/reports/",
            "  tarn fs put --recursive ./tables /lake/",
            "  tail -n 100 build.log | tarn fs put --append - /lake/logs/build.log",
            "  pg_dump shop | tarn fs put - /lake/dumps/shop.sql",
            ""
        })
final class PutCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private CopyOptions options = new CopyOptions();

    @Mixin
    private WriteOptions writing = new WriteOptions();

    @Option(
            names = {"-a", "--append"},
            description = "Add to the end of existing files; new ones are made.")
    private boolean append;

    @Option(names = "--durable", description = "On a disk of the worker, where there is one, and fsynced.")
    private boolean durable;

    @Parameters(
            paramLabel = "LOCAL... TARGET",
            arity = "2..*",
            description = "Local paths (\"-\" = standard input), then a path in the namespace.")
    private List<String> paths = List.of();

    PutCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        List<String> sources = paths.subList(0, paths.size() - 1);
        String target = paths.get(paths.size() - 1);
        try (TarnClient client = context.connect()) {
            if (sources.size() > 1 && !client.status(target).isDirectory()) {
                throw new TarnException(
                        ErrorCode.NOT_A_DIRECTORY, target + " is no directory; several files need one to go into");
            }
            return context.forEach(new ArrayList<>(sources), source -> put(client, source, target));
        }
    }

    private void put(TarnClient client, String source, String target) throws IOException {
        if (source.equals("-")) {
            copy(client, context.console().in(), target);
            return;
        }
        Path local = Path.of(source);
        if (!Files.exists(local)) {
            throw new NoSuchFileException(source);
        }
        String name = local.toAbsolutePath().normalize().getFileName() == null
                ? ""
                : local.toAbsolutePath().normalize().getFileName().toString();
        String full = Targets.inNamespace(client, target, name);
        if (!Files.isDirectory(local)) {
            putFile(client, local, full);
        } else if (options.recursive()) {
            Files.walkFileTree(local, Set.of(FileVisitOption.FOLLOW_LINKS), 1000, new Copier(client, local, full));
        } else {
            throw new TarnException(
                    ErrorCode.IS_A_DIRECTORY, "local path " + source + " is a directory; use --recursive");
        }
    }

    private void putFile(TarnClient client, Path local, String target) throws IOException {
        if (!Files.isRegularFile(local)) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "local path " + local + " is no regular file; pipe it: tarn fs put - " + target + " < " + local);
        }
        try (InputStream in = Files.newInputStream(local)) {
            copy(client, in, target);
        }
    }

    private void copy(TarnClient client, InputStream in, String target) throws IOException {
        FileWriter writer = open(client, target);
        long from = writer.position();
        try {
            Bytes.copy(in, Bytes.to(writer));
        } catch (IOException | RuntimeException e) {
            writer.abort();
            throw e;
        }
        writer.close();
        long bytes = writer.position() - from;
        context.output()
                .done(
                        (from > 0 ? "appended to " : "put ") + target + " (" + Field.amount(bytes) + ")",
                        List.of(
                                Field.of("put", target),
                                Field.bytes("lengthBytes", writer.position()),
                                Field.bytes("writtenBytes", bytes)));
    }

    private FileWriter open(TarnClient client, String target) throws IOException {
        if (append && client.statusOrNull(target) != null) {
            return client.append(target);
        }
        return client.create(
                target,
                CreateOptions.DEFAULT
                        .withOverwrite(options.force())
                        .withWriteType(writing.writeType())
                        .withDurable(durable));
    }

    /** Makes each directory, then puts its files. */
    private final class Copier extends SimpleFileVisitor<Path> {
        private final TarnClient client;
        private final Path root;
        private final String target;

        Copier(TarnClient client, Path root, String target) {
            this.client = client;
            this.root = root;
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            client.makeDirectory(targetOf(directory), true, true, 0755);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            putFile(client, file, targetOf(file));
            return FileVisitResult.CONTINUE;
        }

        private String targetOf(Path local) {
            String below = root.relativize(local).toString();
            return below.isEmpty() ? target : Targets.child(target, below);
        }
    }
}
