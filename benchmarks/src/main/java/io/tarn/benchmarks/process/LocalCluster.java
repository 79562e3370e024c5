package io.tarn.benchmarks.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Three etcd, three masters and three workers, each a process of its own, as {@code bin/local-cluster} runs them. For one thread. */
public final class LocalCluster implements AutoCloseable {
    private static final int EACH = 3;
    private static final int ETCD = 20;
    private static final int MASTERS_HTTP = 5;
    private static final int WORKERS_HTTP = 15;

    private final Installation installation;
    private final Path directory;
    private final int port;
    private final List<String> options;

    private LocalCluster(Installation installation, Path directory, int port, List<String> options) {
        this.installation = installation;
        this.directory = directory;
        this.port = port;
        this.options = options;
    }

    /**
     * Starts it; it serves when this returns.
     *
     * @param port first of 30 that are free
     * @param options more of the script's own
     * @throws IOException where it does not start; the message has what the script says
     */
    public static LocalCluster start(Installation installation, Path directory, int port, String... options)
            throws IOException {
        LocalCluster cluster = new LocalCluster(installation, directory, port, List.of(options));
        try {
            cluster.ask("start");
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw e;
        }
    }

    /** host:port of each master; the name of the first is "master-0". */
    public List<String> masters() {
        List<String> masters = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            masters.add("localhost:" + (port + i));
        }
        return masters;
    }

    /** Bases of metrics and health of each master. */
    public List<String> mastersHttp() {
        return local(MASTERS_HTTP);
    }

    /** Bases of metrics and health of each worker. */
    public List<String> workersHttp() {
        return local(WORKERS_HTTP);
    }

    /** Before all keys of its masters. */
    public String etcdPrefix() {
        return "/tarn/local/";
    }

    /** Where a master keeps its state. */
    public Path masterDirectory(int master) {
        return directory.resolve("master-" + master).resolve("data");
    }

    /** The file of its settings. */
    public Path masterSettings(int master) {
        return directory.resolve("master-" + master).resolve("settings");
    }

    public List<String> etcdEndpoints() {
        return local(ETCD);
    }

    /** @param offset of the first's port from the cluster's */
    private List<String> local(int offset) {
        List<String> each = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            each.add("http://127.0.0.1:" + (port + offset + i));
        }
        return each;
    }

    /** Stops one where it is, its connections stay; {@link #resume} lets it go on. */
    public void pause(String name) throws IOException {
        signal(name, "-STOP");
    }

    public void resume(String name) throws IOException {
        signal(name, "-CONT");
    }

    private void signal(String name, String signal) throws IOException {
        String pid = Files.readString(directory.resolve(name).resolve("pid")).strip();
        run(List.of("kill", signal, pid));
    }

    /** As {@code kill -9} does. */
    public void kill(String name) throws IOException {
        ask("kill", name);
    }

    /** Starts one again; does not wait until it serves. */
    public void run(String name) throws IOException {
        ask("run", name);
    }

    private void ask(String... what) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                installation.root().resolve("bin/local-cluster").toString(),
                "--directory",
                directory.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(options);
        command.addAll(List.of(what));
        run(command);
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Deletes its files, too. */
    @Override
    public void close() throws IOException {
        ask("remove");
    }
}
