package io.tarn.standalone;

import io.tarn.cli.Console;
import io.tarn.cli.Tarn;
import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import io.tarn.runtime.config.ConfigLoader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A standalone server on directories of its own, with a client of it and the command. Closing it removes the MEM tier. */
final class RunningCache implements AutoCloseable {
    /** What a run of the command wrote, and its exit status. */
    record Run(int status, byte[] bytes, String err) {
        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final Path data;
    private final MemoryDirectory memory;
    private final Map<String, String> settings;
    private StandaloneServer server;
    private String address;
    private TarnClient client;

    /** Starts below {@code data}, on any free ports. */
    RunningCache(Path data) throws IOException {
        this(data, Map.of());
    }

    /** @param settings by key, before this class's own */
    RunningCache(Path data, Map<String, String> settings) throws IOException {
        this.data = data;
        this.settings = Map.copyOf(settings);
        this.memory = MemoryDirectory.make();
        try {
            this.server = StandaloneServer.start(config(settings));
        } catch (IOException | RuntimeException e) {
            memory.close();
            throw e;
        }
        this.address = server.masterAddress();
        this.client = connect("root");
    }

    StandaloneConfig config(Map<String, String> more) {
        Map<String, String> overrides = new HashMap<>(Map.of(
                "master.port", "0",
                "worker.data-port", "0",
                "http.port", "0",
                "master.superuser", "root",
                "worker.tiers.mem.capacity", "64MiB",
                "worker.tiers.ssd.capacity", "256MiB"));
        overrides.putAll(more);
        return ConfigLoader.ofDefaults()
                .withDefaults(StandaloneDefaults.of(data, memory.path(), "127.0.0.1"))
                .withOverrides(overrides)
                .load(StandaloneConfig.class);
    }

    StandaloneServer server() {
        return server;
    }

    TarnClient client() {
        return client;
    }

    TarnClient connect(String user) {
        return TarnClient.connect(ClientOptions.of(server.masterAddress()).withUser(user));
    }

    /** Something done while no process runs. */
    interface Step {
        void run() throws IOException;
    }

    /** A new process would start like this: all is closed, then opened again. */
    void restart() throws IOException {
        restart(() -> {});
    }

    void restart(Step between) throws IOException {
        client.close();
        server.close();
        between.run();
        server = StandaloneServer.start(config(settings));
        address = server.masterAddress();
        client = connect("root");
    }

    /** Bytes that the worker has read from under stores since it started, as its metrics count them. */
    long underStoreReadBytes() throws IOException {
        URI metrics = URI.create("http://" + server.httpAddress() + "/metrics");
        String page;
        try (InputStream in = metrics.toURL().openStream()) {
            page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        double sum = 0;
        for (String line : page.lines().toList()) {
            if (line.startsWith("tarn_worker_under_store_read_bytes")) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ')));
            }
        }
        return (long) sum;
    }

    Run tarn(String... arguments) {
        return tarn(new byte[0], arguments);
    }

    Run tarn(byte[] input, String... arguments) {
        return tarn(address, input, arguments);
    }

    /** Runs the command as root. @param masters host:port of each, separated by commas */
    static Run tarn(String masters, byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                Map.of("TARN_MASTER", masters, "TARN_USER", "root"));
        List<String> all = new ArrayList<>(List.of(arguments));
        int status = Tarn.run(console, all.toArray(String[]::new));
        return new Run(status, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.close();
        server.close();
        memory.close();
    }
}
