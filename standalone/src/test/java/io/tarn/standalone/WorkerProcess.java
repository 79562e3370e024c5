package io.tarn.standalone;

import io.tarn.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, which can be stopped where it is. For one thread. */
final class WorkerProcess implements AutoCloseable {
    private final Process process;

    private WorkerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it; does not wait until it has registered.
     *
     * @param memory for its MEM tier
     * @param host an address of this machine, to tell it from others
     */
    static WorkerProcess start(Path directory, Path memory, String host, int masterPort) throws IOException {
        Path settings = Files.createDirectories(directory).resolve("settings");
        Files.write(
                settings,
                List.of(
                        "worker.directory = " + directory.resolve("data"),
                        "worker.host = " + host,
                        "worker.bind-host = " + host,
                        "worker.data-port = 0",
                        "worker.masters = localhost:" + masterPort,
                        "worker.socket-path =",
                        "worker.tiers.mem.paths = " + memory,
                        "worker.tiers.mem.capacity = 1GiB",
                        "worker.tiers.ssd.paths =",
                        "http.host = " + host,
                        "http.port = 0"));
        return new WorkerProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dio.netty.native.detectNativeLibraryDuplicates=false", // HDFS's jar brings a second one
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerMain.class.getName(),
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start());
    }

    /** It does nothing more, and its connections stay, until {@link #resume}. */
    void stop() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill " + signal + " failed");
        }
    }

    /** As {@code kill -9} does. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
