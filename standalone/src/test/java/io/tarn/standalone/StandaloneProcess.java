package io.tarn.standalone;

import io.tarn.cli.Tarn;
import io.tarn.client.ClientOptions;
import io.tarn.client.TarnClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code tarn standalone} in a process of its own, so that it can be killed. */
final class StandaloneProcess implements AutoCloseable {
    private static final Pattern MASTER = Pattern.compile("\"master\"\\s*:\\s*\"([^\"]+)\"");

    private final Process process;
    private final String master;

    private StandaloneProcess(Process process, String master) {
        this.process = process;
        this.master = master;
    }

    /** Starts below {@code data}, with its MEM tier in {@code memory}; it serves when this returns. */
    static StandaloneProcess start(Path data, Path memory) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Tarn.class.getName(),
                "standalone",
                "--output",
                "json",
                "--port",
                "0",
                "--data",
                data.toString(),
                "--mem-dir",
                memory.toString(),
                "--mem",
                "256MiB",
                "--ssd",
                "256MiB");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder said = new StringBuilder();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher matcher = MASTER.matcher(said.append(line).append('\n'));
            if (matcher.find()) {
                Thread.startVirtualThread(
                        () -> output.lines().forEach(later -> {})); // a full pipe would stop the process
                return new StandaloneProcess(process, matcher.group(1));
            }
        }
        throw new IOException("tarn standalone ended before it served: " + said);
    }

    TarnClient connect() {
        return TarnClient.connect(ClientOptions.of(master));
    }

    /** As {@code kill -9} does; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
