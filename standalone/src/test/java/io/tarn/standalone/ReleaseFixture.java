package io.tarn.standalone;

import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.runtime.config.ConfigLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A small data directory, journal, checkpoints and page indexes, as each release wrote it, so that later ones can show that they read it. {@link #main} makes
 * the one of this release; it is run once, when the release is made.
 */
final class ReleaseFixture {
    static final String TEXT = "written by an earlier release";
    static final int FILES = 20;

    private ReleaseFixture() {}

    /** Arguments: a scratch directory, and the file to write. */
    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        Path store = Files.createDirectories(Path.of("/tmp/tarn-release-fixture"));
        Files.writeString(store.resolve("mounted"), TEXT);
        try (StandaloneServer server = StandaloneServer.start(config(data));
                TarnClient client = TarnClient.connect(
                        ClientOptions.of(server.masterAddress()).withUser("root"))) {
            client.mount("/lake", "file://" + store, MountSettings.DEFAULT);
            for (int file = 0; file < FILES; file++) {
                try (FileWriter writer = client.create("/owned/dir/file-" + file, CreateOptions.DEFAULT)) {
                    writer.write(ByteBuffer.wrap((TEXT + file).getBytes(StandardCharsets.UTF_8)));
                }
            }
            client.rename("/owned/dir/file-1", "/owned/renamed", false);
            client.delete("/owned/dir/file-2", false);
            awaitCheckpoint(data.resolve("master/checkpoints"));
            client.makeDirectory("/owned/after-the-checkpoint", true, false, 0700);
        }
        zip(data, Path.of(arguments[1]));
    }

    static StandaloneConfig config(Path data) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "master.port", "0",
                "worker.data-port", "0",
                "http.port", "0",
                "master.superuser", "root",
                "master.journal.segment", "1MiB",
                "master.checkpoint.interval", "1s",
                "worker.tiers.mem.paths", data.resolve("mem").toString(),
                "worker.tiers.mem.capacity", "64MiB",
                "worker.tiers.ssd.capacity", "64MiB"));
        return ConfigLoader.ofDefaults()
                .withDefaults(StandaloneDefaults.of(data, data, "127.0.0.1"))
                .withOverrides(settings)
                .load(StandaloneConfig.class);
    }

    /** Unpacks the data directory of a release into {@code data}. */
    static void unpack(String release, Path data) throws IOException {
        try (InputStream resource = ReleaseFixture.class.getResourceAsStream("/releases/" + release + ".zip")) {
            if (resource == null) {
                throw new IOException("no fixture of release " + release);
            }
            ZipInputStream zip = new ZipInputStream(resource, StandardCharsets.UTF_8);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = data.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    private static void awaitCheckpoint(Path checkpoints) throws IOException {
        while (true) {
            if (Files.isDirectory(checkpoints)) {
                try (Stream<Path> made = Files.list(checkpoints)) {
                    if (made.findAny().isPresent()) {
                        return;
                    }
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static void zip(Path data, Path target) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target), StandardCharsets.UTF_8)) {
            Files.walkFileTree(data, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    try {
                        if (attributes.isRegularFile() && !file.endsWith("LOG")) {
                            zip.putNextEntry(new ZipEntry(data.relativize(file).toString()));
                            Files.copy(file, zip);
                            zip.closeEntry();
                        }
                        return FileVisitResult.CONTINUE;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        }
    }
}
