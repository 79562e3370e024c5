package io.tarn.standalone.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of the cluster; its place and its files outlast it. For one thread. */
public final class Member {
    private final String name;
    private final Network.Host host;
    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    Member(String name, Network.Host host, Path log, List<String> command) {
        this.name = name;
        this.host = host;
        this.log = log;
        this.command = new ArrayList<>(command);
    }

    Network.Host host() {
        return host;
    }

    public void start() throws IOException {
        List<String> all = new ArrayList<>(host.command());
        all.addAll(command);
        process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** From its next start on it runs what is in this class path; only for one in Java. */
    public void setClassPath(String classPath) {
        command.set(command.indexOf("-cp") + 1, classPath);
    }

    /** As {@code kill} does; returns when it has ended. */
    public void stop() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroy();
            running.waitFor();
        }
    }

    /**
     * Waits for its end.
     *
     * @return its status
     * @throws AssertionError where it does not end in time
     */
    public int awaitEnd(Duration longest) throws InterruptedException {
        Process running = Objects.requireNonNull(process);
        if (!running.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(name + " has not ended after " + longest + ", see " + log);
        }
        return running.exitValue();
    }

    /** All that it has said since its first start. */
    public String said() throws IOException {
        return Files.readString(log);
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    /** Stops it where it is; {@link #resume} lets it go on. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            new ProcessBuilder("kill", signal, Long.toString(running.pid()))
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** @throws AssertionError where it has ended, though nobody ended it */
    public void requireAlive() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new AssertionError(name + " has ended by itself, see " + log);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
