package io.tarn.standalone.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of the cluster; its place and its files outlast it. For one thread. */
final class Member {
    private final String name;
    private final Network.Host host;
    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    Member(String name, Network.Host host, Path log, List<String> command) {
        this.name = name;
        this.host = host;
        this.log = log;
        this.command = command;
    }

    Network.Host host() {
        return host;
    }

    void start() throws IOException {
        List<String> all = new ArrayList<>(host.command());
        all.addAll(command);
        process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
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
    void requireAlive() {
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
