package io.tarn.cli.fs;

import io.tarn.cli.CommandContext;
import io.tarn.cli.output.Field;
import io.tarn.cli.output.Rows;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.CRC32C;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn fs checksum}: of the bytes as a reader gets them. */
@Command(
        name = "checksum",
        description = "Read files and show the checksums of their bytes.",
        footer = {
            "",
            "Examples:",
            "  tarn fs checksum /lake/tables/orders/part-0.parquet",
            "  tarn fs checksum --algorithm sha256 /lake/release.tar   (compare with sha256sum)",
            ""
        })
final class ChecksumCommand implements Callable<Integer> {
    /** The checksums that can be asked for. */
    enum Algorithm {
        crc32c,
        md5,
        sha256
    }

    private final CommandContext context;

    @Option(
            names = {"-a", "--algorithm"},
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Algorithm algorithm = Algorithm.crc32c;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files in the namespace.")
    private List<String> paths = List.of();

    ChecksumCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (TarnClient client = context.connect();
                Rows rows = context.output().rows()) {
            return context.forEach(paths, path -> {
                try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
                    rows.add(List.of(
                            Field.of("algorithm", algorithm.name()),
                            Field.of("checksum", checksum(reader)),
                            Field.bytes("lengthBytes", reader.info().lengthBytes()),
                            Field.of("path", path)));
                }
            });
        }
    }

    private String checksum(FileReader reader) throws IOException {
        if (algorithm == Algorithm.crc32c) {
            CRC32C crc = new CRC32C();
            Bytes.read(reader, 0, Long.MAX_VALUE, (bytes, lengthBytes) -> crc.update(bytes, 0, lengthBytes));
            return String.format(Locale.ROOT, "%08x", crc.getValue());
        }
        MessageDigest digest = digest(algorithm == Algorithm.md5 ? "MD5" : "SHA-256");
        Bytes.read(reader, 0, Long.MAX_VALUE, (bytes, lengthBytes) -> digest.update(bytes, 0, lengthBytes));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }
}
