package io.tarn.hadoop;

import io.tarn.client.ClientOptions;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.standalone.StandaloneConfig;
import io.tarn.standalone.StandaloneServer;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One real server for all tests of this module that need one: started by the first, closed after the last. */
final class SharedServer implements BeforeAllCallback {
    static final String LOCAL_MOUNT = "/local";
    static final String BUCKET_MOUNT = "/bucket";

    private static volatile @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.create(SharedServer.class))
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
    }

    static String address() {
        Running present = running;
        if (present == null) {
            throw new IllegalStateException("use @ExtendWith(SharedServer.class)");
        }
        return present.server.masterAddress();
    }

    static TarnClient connect(boolean socket, boolean descriptors) {
        return TarnClient.connect(ClientOptions.of(address()).withLocalAccess(socket, descriptors));
    }

    static TarnContract contract(Configuration configuration, String directory) {
        return new TarnContract(configuration, new org.apache.hadoop.fs.Path(root() + directory));
    }

    /** {@code tarn://host:port}. */
    static URI root() {
        return URI.create("tarn://" + address());
    }

    private record Running(StandaloneServer server, EmbeddedS3 s3, Path data, Path memory) implements AutoCloseable {
        static Running start() {
            try {
                Path data = Files.createTempDirectory("tarn-hadoop-");
                Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-hadoop-");
                try {
                    return start(data, memory);
                } catch (IOException | RuntimeException e) {
                    remove(data);
                    remove(memory);
                    throw e;
                }
            } catch (IOException e) {
                throw new IllegalStateException("no server to test against", e);
            }
        }

        private static Running start(Path data, Path memory) throws IOException {
            Path store = Files.createDirectory(data.resolve("store"));
            StandaloneServer server = StandaloneServer.start(ConfigLoader.ofDefaults()
                    .withOverrides(settings(data, memory))
                    .load(StandaloneConfig.class));
            EmbeddedS3 s3 = EmbeddedS3.start(S3Settings.inDirectory(data.resolve("s3")));
            s3.createBucket("contract");
            try (TarnClient client = TarnClient.connect(ClientOptions.of(server.masterAddress()))) {
                client.mount(LOCAL_MOUNT, store.toUri().toString(), MountSettings.DEFAULT);
                client.mount(
                        BUCKET_MOUNT,
                        "s3://contract",
                        MountSettings.DEFAULT.withStore(
                                Map.of("endpoint", s3.endpoint().toString()),
                                Map.of("access-key", s3.accessKey(), "secret-key", s3.secretKey())));
            }
            return new Running(server, s3, data, memory);
        }

        private static Map<String, String> settings(Path data, Path memory) {
            return Map.ofEntries(
                    Map.entry("standalone.data", data.toString()),
                    Map.entry("master.directory", data.resolve("master").toString()),
                    Map.entry("master.bind-host", "127.0.0.1"),
                    Map.entry("master.port", "0"),
                    Map.entry("master.superuser", System.getProperty("user.name")),
                    Map.entry("worker.directory", data.resolve("worker").toString()),
                    Map.entry("worker.bind-host", "127.0.0.1"),
                    Map.entry("worker.host", "localhost"),
                    Map.entry("worker.data-port", "0"),
                    Map.entry("worker.socket-path", data.resolve("worker.sock").toString()),
                    Map.entry("worker.tiers.mem.paths", memory.resolve("mem").toString()),
                    Map.entry("worker.tiers.mem.capacity", "256MiB"),
                    Map.entry("worker.tiers.ssd.paths", data.resolve("ssd").toString()),
                    Map.entry("worker.tiers.ssd.capacity", "256MiB"),
                    Map.entry("http.host", "127.0.0.1"),
                    Map.entry("http.port", "0"));
        }

        @Override
        public void close() throws IOException {
            server.close();
            s3.close();
            remove(data);
            remove(memory);
        }

        private static void remove(Path directory) throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
