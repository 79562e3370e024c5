package io.tarn.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of this test's class path in a JVM of its own. */
final class JavaProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private JavaProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static JavaProcess start(
            List<String> options, Map<String, String> environment, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dio.netty.native.detectNativeLibraryDuplicates=false"); // HDFS's jar brings a second one
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(options); // of two class paths, the last one counts
        command.add(main.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new JavaProcess(builder.start());
    }

    /**
     * Reads the output up to what {@code wanted} finds; what comes later is dropped.
     *
     * @throws IOException where the process ends before; the message has what it said
     */
    Matcher await(Pattern wanted) throws IOException {
        return await(wanted, line -> {});
    }

    /** The same, and each line of the output goes to {@code listener}, later ones in a thread of their own. */
    Matcher await(Pattern wanted, Consumer<String> listener) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            listener.accept(line);
            Matcher matcher = wanted.matcher(said.append(line).append('\n'));
            if (matcher.find()) {
                Thread.startVirtualThread(() -> output.lines().forEach(listener)); // a full pipe would stop the process
                return matcher;
            }
        }
        throw new IOException("the process ended early: " + said);
    }

    /** The lines that it writes until it ends. */
    List<String> lines() {
        return output.lines().toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    int status() throws InterruptedException {
        return process.waitFor();
    }

    /** As {@code kill -9} does; returns when the process is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, as {@code kill} does, and waits for that; what it says in the end is still heard, which {@link #close} cuts off. */
    void stop() throws InterruptedException {
        process.toHandle().destroy();
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
