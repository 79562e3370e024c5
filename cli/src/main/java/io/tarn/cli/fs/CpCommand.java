package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileInfo;
import io.tarn.client.FileReader;
import io.tarn.client.FileWriter;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.OpenOptions;
import io.tarn.client.ReadType;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tarn fs cp}: also from one mounted store to another. */
@Command(
        name = "cp",
        description = "Copy files and directories within the namespace, from one store to another too.",
        footer = {
            "",
            "Examples:",
            "  tarn fs cp /lake/reports/may.csv /scratch/",
            "  tarn fs cp --recursive /hdfs/tables/orders /s3/tables/orders",
            ""
        })
final class CpCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private CopyOptions options = new CopyOptions();

    @Mixin
    private WriteOptions writing = new WriteOptions();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "What to copy.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "The copy's path, or a directory to copy into.")
    private String target = "";

    CpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect()) {
            FileInfo file = client.status(source);
            String full = Targets.inNamespace(client, target, Targets.lastName(source));
            if (!file.isDirectory()) {
                copyFile(client, file.path(), full);
            } else if (options.recursive()) {
                copyDirectory(client, file.path(), full);
            } else {
                throw new TarnException(ErrorCode.IS_A_DIRECTORY, source + " is a directory; use --recursive");
            }
        }
        return 0;
    }

    private void copyDirectory(TarnClient client, String from, String to) throws IOException {
        if ((to + "/").startsWith(from.equals("/") ? from : from + "/")) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, to + " lies below " + from + "; copy to somewhere outside it");
        }
        client.makeDirectory(to, true, true, 0755);
        try (Listing listing = client.list(from, ListOptions.RECURSIVE)) {
            while (listing.hasNext()) {
                FileInfo file = listing.next();
                String copy = Targets.child(to, Targets.below(from, file.path()));
                if (file.isDirectory()) {
                    client.makeDirectory(copy, true, true, file.mode());
                } else if (file.linkTarget() != null) {
                    client.createLink(copy, file.linkTarget(), true);
                } else {
                    copyFile(client, file.path(), copy);
                }
            }
        }
    }

    private void copyFile(TarnClient client, String from, String to) throws IOException {
        CreateOptions create =
                CreateOptions.DEFAULT.withOverwrite(options.force()).withWriteType(writing.writeType());
        long lengthBytes;
        try (FileReader reader =
                client.open(from, new OpenOptions(ReadType.CACHE_PROMOTE, OpenOptions.AccessPattern.SEQUENTIAL))) {
            FileWriter writer = client.create(to, create);
            try {
                Bytes.read(reader, 0, Long.MAX_VALUE, Bytes.to(writer));
            } catch (IOException | RuntimeException e) {
                writer.abort();
                throw e;
            }
            writer.close();
            lengthBytes = writer.position();
        }
        context.output()
                .done(
                        "copied " + from + " to " + to + " (" + Field.amount(lengthBytes) + ")",
                        List.of(
                                Field.of("source", from),
                                Field.of("target", to),
                                Field.bytes("lengthBytes", lengthBytes)));
    }
}
