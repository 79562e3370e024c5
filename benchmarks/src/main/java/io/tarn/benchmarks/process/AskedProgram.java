package io.tarn.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program of Hadoop's world in a process of its own, on Java 17, which does one command at a time: a line in, a line out. Not thread-safe.
 */
public final class AskedProgram implements AutoCloseable {
    /** Packages of the JDK that Spark and Alluxio reach into; the list is that of Spark's launcher. */
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
    private final List<String> greeting;

    /**
     * What is run.
     *
     * @param heap as in {@code -Xmx}
     * @param environment variables beside this process's own
     */
    public record Program(
            String classPath, String mainClass, List<String> arguments, String heap, Map<String, String> environment) {}

    private AskedProgram(Process process, Path log) throws IOException {
        this.process = process;
        this.log = log;
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = process.outputWriter(StandardCharsets.UTF_8);
        greeting = expect("READY");
    }

    /**
     * Starts it and waits until it takes commands.
     *
     * @param properties of the system, for its Java
     * @param directory where it runs
     */
    public static AskedProgram start(
            Installation installation, Program program, Map<String, String> properties, Path directory, Path log)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(installation.java17().toString(), "-Xmx" + program.heap));
        for (String name : OPENED_PACKAGES) {
            command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
        }
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", program.classPath, program.mainClass));
        command.addAll(program.arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(log.toFile());
        builder.environment().putAll(program.environment);
        return new AskedProgram(builder.start(), log);
    }

    /** What it said when it was ready. */
    public List<String> greeting() {
        return greeting;
    }

    /**
     * Has one command done.
     *
     * @return the words of the answer after "OK"
     * @throws IOException if it says that it failed, or has ended
     */
    public List<String> ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        return expect("OK");
    }

    private List<String> expect(String word) throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the program has ended; the end of its log:\n" + LogTail.of(log));
        }
        List<String> words = List.of(line.split(" ", -1));
        if (!words.getFirst().equals(word)) {
            throw new IOException("the program says: " + line + "\nthe end of its log:\n" + LogTail.of(log));
        }
        return words.subList(1, words.size());
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
