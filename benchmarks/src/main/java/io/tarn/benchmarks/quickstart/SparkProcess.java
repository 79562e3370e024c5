package io.tarn.benchmarks.quickstart;

import io.tarn.benchmarks.process.Installation;
import io.tarn.benchmarks.process.LogTail;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Spark application in a process of its own, which does one command at a time (the protocol is that of the program that it runs). Not thread-safe.
 */
final class SparkProcess implements AutoCloseable {
    private static final String MAIN_CLASS = "io.tarn.benchmarks.spark.SparkMain";

    /** Packages of the JDK that Spark reaches into; the list is that of its own launcher. */
    private static final List<String> OPENED_PACKAGES = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "jdk.internal.ref",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;
    private final Path log;

    private SparkProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts Spark and waits until it takes commands.
     *
     * @param settings properties of Spark, and of Hadoop with the prefix {@code spark.hadoop.}
     */
    static SparkProcess start(Installation installation, Map<String, String> settings, Path directory, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(installation.java17().toString(), "-Xmx3g"));
        for (String name : OPENED_PACKAGES) {
            command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
        }
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", installation.sparkClassPath(), MAIN_CLASS));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(log.toFile())
                .start();
        SparkProcess spark = new SparkProcess(process, log);
        spark.expect("READY");
        return spark;
    }

    /**
     * Has one command done.
     *
     * @return the words of the answer after "OK": milliseconds taken, then what the command tells
     * @throws IOException if Spark says that it failed, or has ended
     */
    List<String> ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return expect("OK");
    }

    private List<String> expect(String word) throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("Spark has ended; the end of its log:\n" + LogTail.of(log));
        }
        List<String> words = List.of(line.split(" ", -1));
        if (!words.getFirst().equals(word)) {
            throw new IOException("Spark says: " + line + "\nthe end of its log:\n" + LogTail.of(log));
        }
        return words.subList(1, words.size());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
