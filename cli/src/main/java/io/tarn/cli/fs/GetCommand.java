package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tarn fs get}. A local file appears under its name only once it is whole. */
@Command(
        name = "get",
        description = "Copy files and directories of the namespace to the local disk.",
        footer = {
            "",
            "Examples:",
            "  tarn fs get /lake/reports/may.csv .",
            "  tarn fs get --recursive /lake/tables/orders ./orders",
            "  tarn fs get /lake/dumps/shop.sql - | psql shop",
            ""
        })
final class GetCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private CopyOptions options = new CopyOptions();

    @Parameters(
            paramLabel = "PATH... LOCAL",
            arity = "2..*",
            description = "Paths in the namespace, then a local path (\"-\" = standard output).")
    private List<String> paths = List.of();

    GetCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        List<String> sources = paths.subList(0, paths.size() - 1);
        String target = paths.get(paths.size() - 1);
        if (sources.size() > 1 && !target.equals("-") && !Files.isDirectory(Path.of(target))) {
            throw new TarnException(
                    ErrorCode.NOT_A_DIRECTORY,
                    "local path " + target + " is no directory; several files need one to go into");
        }
        try (TarnClient client = context.connect()) {
            return context.forEach(new ArrayList<>(sources), source -> get(client, source, target));
        }
    }

    private void get(TarnClient client, String source, String target) throws IOException {
        FileInfo file = client.status(source);
        if (file.isDirectory() && !options.recursive()) {
            throw new TarnException(ErrorCode.IS_A_DIRECTORY, source + " is a directory; use --recursive");
        }
        if (target.equals("-")) {
            try (FileReader reader = client.open(source, OpenOptions.DEFAULT)) {
                Bytes.read(reader, 0, Long.MAX_VALUE, Bytes.to(context.console().out()));
            }
            return;
        }
        Path local = Path.of(target);
        Path full = Files.isDirectory(local) ? local.resolve(Targets.lastName(source)) : local;
        if (file.isDirectory()) {
            getDirectory(client, file.path(), full);
        } else {
            getFile(client, source, full);
        }
    }

    private void getDirectory(TarnClient client, String source, Path target) throws IOException {
        Files.createDirectories(target);
        try (Listing listing = client.list(source, ListOptions.RECURSIVE)) {
            while (listing.hasNext()) {
                FileInfo file = listing.next();
                Path local = target.resolve(Targets.below(source, file.path()));
                if (file.isDirectory()) {
                    Files.createDirectories(local);
                } else if (file.linkTarget() != null) {
                    context.console().err().println("tarn: " + file.path() + " is a symbolic link; left out");
                } else {
                    Files.createDirectories(parentOf(local));
                    getFile(client, file.path(), local);
                }
            }
        }
    }

    private void getFile(TarnClient client, String source, Path target) throws IOException {
        if (Files.isDirectory(target)) {
            throw new TarnException(
                    ErrorCode.IS_A_DIRECTORY, "local path " + target + " is a directory; remove it first");
        }
        if (Files.exists(target) && !options.force()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        long lengthBytes;
        Path partial = Files.createTempFile(parentOf(target), ".tarn-get-", ".partial");
        try {
            try (FileReader reader = client.open(source, OpenOptions.DEFAULT);
                    OutputStream out = Files.newOutputStream(partial)) {
                Bytes.read(reader, 0, Long.MAX_VALUE, Bytes.to(out));
                lengthBytes = reader.info().lengthBytes();
            }
            if (Files.size(partial) != lengthBytes) {
                throw new TarnException(
                        ErrorCode.STORE_CHANGED, source + " ended before its length of " + lengthBytes + " bytes");
            }
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
        context.output()
                .done(
                        "got " + target + " (" + Field.amount(lengthBytes) + ")",
                        List.of(Field.of("got", target), Field.bytes("lengthBytes", lengthBytes)));
    }

    private static Path parentOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }
}
