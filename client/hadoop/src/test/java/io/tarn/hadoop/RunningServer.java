package io.tarn.hadoop;

import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.standalone.StandaloneConfig;
import io.tarn.standalone.StandaloneServer;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A standalone server in this process, and an S3 server beside it; what they keep goes when it is closed. */
record RunningServer(StandaloneServer server, EmbeddedS3 s3, Path data, Path memory) implements AutoCloseable {
    /** @param more settings by key, before those of this class */
    static RunningServer start(Map<String, String> more) throws IOException {
        Path data = Files.createTempDirectory("tarn-hadoop-");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-hadoop-");
        try {
            Map<String, String> settings = new HashMap<>(settings(data, memory));
            settings.putAll(more);
            StandaloneServer server = StandaloneServer.start(
                    ConfigLoader.ofDefaults().withOverrides(settings).load(StandaloneConfig.class));
            return new RunningServer(
                    server, EmbeddedS3.start(S3Settings.inDirectory(data.resolve("s3"))), data, memory);
        } catch (IOException | RuntimeException e) {
            remove(data);
            remove(memory);
            throw e;
        }
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

    /** host:port of the master. */
    String address() {
        return server.masterAddress();
    }

    Path newDirectory(String name) throws IOException {
        return Files.createDirectory(data.resolve(name));
    }

    /** Makes a bucket, and mounts it. */
    void mountBucket(TarnClient client, String mount, String bucket) throws TarnException {
        s3.createBucket(bucket);
        client.mount(
                mount,
                "s3://" + bucket,
                MountSettings.DEFAULT.withStore(
                        Map.of("endpoint", s3.endpoint().toString()),
                        Map.of("access-key", s3.accessKey(), "secret-key", s3.secretKey())));
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
