package io.tarn.standalone;

import io.tarn.cli.Tarn;
import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** {@code tarn standalone} in a process of its own, so that it can be killed. */
public final class StandaloneProcess implements AutoCloseable {
    private static final Pattern ADDRESSES =
            Pattern.compile("\"master\":\"([^\"]+)\",\"worker\":\"([^\"]+)\",\"http\":\"http://([^\"]+)\"");

    private final JavaProcess process;
    private final String master;
    private final String worker;
    private final String http;

    private StandaloneProcess(JavaProcess process, String master, String worker, String http) {
        this.process = process;
        this.master = master;
        this.worker = worker;
        this.http = http;
    }

    /** Starts below {@code data}, with its MEM tier in {@code memory}; it serves when this returns. */
    static StandaloneProcess start(Path data, Path memory) throws IOException {
        return start(data, memory, List.of("-Xmx512m"), Map.of());
    }

    /**
     * The same with options of the JVM.
     *
     * @param environment more variables, for instance settings
     */
    static StandaloneProcess start(Path data, Path memory, List<String> options, Map<String, String> environment)
            throws IOException {
        return start(data, memory, options, environment, line -> {});
    }

    /** @param log is given each line of its output, by one thread at a time */
    public static StandaloneProcess start(
            Path data, Path memory, List<String> options, Map<String, String> environment, Consumer<String> log)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("standalone", "--output", "json", "--port", "0"));
        arguments.addAll(List.of("--data", data.toString(), "--mem-dir", memory.toString()));
        arguments.addAll(List.of("--mem", "256MiB", "--ssd", "256MiB"));
        JavaProcess process = JavaProcess.start(options, environment, Tarn.class, arguments);
        var found = process.await(ADDRESSES, log);
        return new StandaloneProcess(process, found.group(1), found.group(2), found.group(3));
    }

    String masterAddress() {
        return master;
    }

    /** host:port of the data plane. */
    String workerAddress() {
        return worker;
    }

    /** host:port of metrics and health. */
    public String httpAddress() {
        return http;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    public TarnClient connect() {
        return TarnClient.connect(ClientOptions.of(master));
    }

    /** As {@code kill -9} does; returns when the process is gone. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    /** Has it end in peace; returns when the process is gone. */
    public void stop() throws InterruptedException {
        process.stop();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
