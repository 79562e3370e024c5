package io.tarn.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code tarn standalone} in a process of its own, on free ports of this machine. Thread-safe.
 */
public final class TarnProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 30;
    private static final Pattern ADDRESS = Pattern.compile("\"(master|http)\"\\s*:\\s*\"([^\"]+)\"");

    private final Process process;
    private final String master;
    private final String http;

    private TarnProcess(Process process, String master, String http) {
        this.process = process;
        this.master = master;
        this.http = http;
    }

    /**
     * Where it works and how much it may hold.
     *
     * @param data journal, namespace and SSD tier
     * @param memoryTier directory on a tmpfs
     * @param memoryBytes capacity of the MEM tier
     * @param ssdBytes capacity of the SSD tier; 0 for none
     */
    public record Place(Path data, Path memoryTier, long memoryBytes, long ssdBytes) {}

    /** Starts it with this process's environment. */
    public static TarnProcess start(Installation installation, Place place, Path log) throws IOException {
        return start(installation, place, Map.of(), log);
    }

    /**
     * Starts it; it serves when this returns.
     *
     * @param environment variables beside this process's own
     * @throws IOException if it ends before; the message has the end of its log
     */
    public static TarnProcess start(Installation installation, Place place, Map<String, String> environment, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(installation.tarnCommand().toString(), "standalone", "--output", "json", "--port", "0"));
        command.addAll(List.of(
                "--data",
                place.data().toString(),
                "--mem-dir",
                place.memoryTier().toString()));
        command.addAll(List.of("--mem", Long.toString(place.memoryBytes()), "--ssd", Long.toString(place.ssdBytes())));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        String master = null;
        String http = null;
        while (master == null || http == null) {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("tarn standalone did not start: " + said + "\n" + LogTail.of(log));
            }
            said.append(line).append('\n');
            Matcher matcher = ADDRESS.matcher(line);
            while (matcher.find()) {
                if (matcher.group(1).equals("master")) {
                    master = matcher.group(2);
                } else {
                    http = matcher.group(2);
                }
            }
        }
        return new TarnProcess(process, master, http);
    }

    /** host:port, as clients and {@code tarn://} URIs want it. */
    public String master() {
        return master;
    }

    /** Base of metrics and health. */
    public String http() {
        return http;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends it as a power cut of the process would: nothing is written any more. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops it in order; what is cached stays in its directories. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            kill();
        }
    }
}
