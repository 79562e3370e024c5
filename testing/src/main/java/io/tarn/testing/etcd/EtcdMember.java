package io.tarn.testing.etcd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One member: its name, ports and data outlast its process, which may be killed and started again. For one thread. */
public final class EtcdMember {
    private final String name;
    private final Path directory;
    private final String clientUrl;
    private final String peerUrl;
    private final String healthUrl;
    private @Nullable Process process;

    /** @param scheme of its clients: http or https */
    EtcdMember(String name, Path parent, String scheme) throws IOException {
        this.name = name;
        this.directory = Files.createDirectories(parent.resolve(name));
        this.clientUrl = scheme + "://127.0.0.1:" + freePort();
        this.peerUrl = "http://127.0.0.1:" + freePort();
        this.healthUrl = "http://127.0.0.1:" + freePort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where clients reach it. */
    public String clientUrl() {
        return clientUrl;
    }

    String healthUrl() {
        return healthUrl;
    }

    String asInitialMember() {
        return name + "=" + peerUrl;
    }

    /** Starts its process; does not wait until it serves. */
    void start(String initialCluster, List<String> options) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                EtcdCluster.PROGRAM,
                "--name",
                name,
                "--data-dir",
                directory.resolve("data").toString(),
                "--listen-client-urls",
                clientUrl,
                "--advertise-client-urls",
                clientUrl,
                "--listen-metrics-urls",
                healthUrl,
                "--listen-peer-urls",
                peerUrl,
                "--initial-advertise-peer-urls",
                peerUrl,
                "--initial-cluster",
                initialCluster,
                "--heartbeat-interval",
                "50",
                "--election-timeout",
                "500",
                "--logger",
                "zap",
                "--log-level",
                "warn");
        builder.command().addAll(options);
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    /** As kill -9 does. */
    public void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
            process = null;
        }
    }

    /** Stops its process where it is, as a long pause of its machine does; {@link #resume} lets it go on. */
    public void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The id of its process. */
    public long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("etcd member " + name + " does not run");
        }
        return running.pid();
    }
}
