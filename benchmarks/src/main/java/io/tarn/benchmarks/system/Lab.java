package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Pace;
import io.tarn.benchmarks.process.AskedProgram;
import io.tarn.benchmarks.process.Installation;
import io.tarn.benchmarks.process.TarnProcess;
import io.tarn.benchmarks.process.Workspace;
import io.tarn.client.ClientOptions;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.MountSettings;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.S3Process;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What benchmarks work with: servers to start, a directory in memory and one on disk, files of known size. All of it is gone when the lab is closed.
 * Not thread-safe.
 */
final class Lab implements AutoCloseable {
    static final int MEBIBYTE = 1 << 20;
    static final String BUCKET = "bench";

    private final Installation installation;
    private final Workspace workspace;
    private final Pace pace;
    private final long fileBytes;
    private int servers;

    /** @param fileBytes size of the files that are read, a multiple of 1 MiB */
    Lab(Installation installation, Path directory, Pace pace, long fileBytes) throws IOException {
        this.installation = installation;
        this.pace = pace;
        this.fileBytes = fileBytes;
        workspace = new Workspace(directory, "tarn-benchmark");
    }

    Installation installation() {
        return installation;
    }

    Pace pace() {
        return pace;
    }

    long fileBytes() {
        return fileBytes;
    }

    /** A directory on a tmpfs where this machine has one. */
    Path memory() throws IOException {
        return workspace.memoryDirectory();
    }

    Path disk(String name) throws IOException {
        return workspace.directory(name);
    }

    /** A place for a server that has not run yet. */
    TarnProcess.Place newPlace(long memoryBytes, long ssdBytes) throws IOException {
        servers++;
        String name = "tarn-" + servers;
        return new TarnProcess.Place(workspace.directory(name), memory().resolve(name), memoryBytes, ssdBytes);
    }

    TarnProcess startTarn(TarnProcess.Place place) throws IOException {
        return startTarn(place, Map.of());
    }

    /** @param environment variables beside this process's own */
    TarnProcess startTarn(TarnProcess.Place place, Map<String, String> environment) throws IOException {
        String log = place.data().getFileName().toString();
        return workspace.add(TarnProcess.start(installation, place, environment, workspace.log(log)));
    }

    S3Process startS3() throws IOException {
        servers++;
        S3Process s3 = workspace.add(S3Process.start(S3Settings.inDirectory(workspace.directory("s3-" + servers))));
        s3.createBucket(BUCKET);
        return s3;
    }

    /** An Alluxio with a master and a worker; all that it keeps is in memory, its journal too. @return with its URI as greeting */
    AskedProgram startAlluxio(long memoryBytes) throws IOException {
        servers++;
        Path memory = Files.createDirectories(memory().resolve("alluxio-" + servers));
        return workspace.add(AskedProgram.start(
                installation,
                new AskedProgram.Program(
                        installation.alluxioClassPath(),
                        "io.tarn.benchmarks.alluxio.AlluxioServer",
                        List.of(Long.toString(memoryBytes)),
                        "2g",
                        Map.of()),
                Map.of("java.io.tmpdir", memory.toString()),
                workspace.directory("alluxio-" + servers),
                workspace.log("alluxio-" + servers)));
    }

    /** Spark on this machine's two Javas. @param settings of Spark, and of Hadoop with the prefix {@code spark.hadoop.} */
    AskedProgram startSpark(Map<String, String> settings) throws IOException {
        servers++;
        Path home = workspace.directory("spark-" + servers);
        Files.createDirectories(home.resolve("jars")); // executors in processes of their own look for it
        Map<String, String> all = new HashMap<>(settings);
        all.put("spark.executor.extraClassPath", installation.sparkClassPath());
        all.put("spark.local.dir", home.resolve("local").toString());
        Map<String, String> environment = Map.of(
                "SPARK_HOME", home.toString(),
                "SPARK_SCALA_VERSION", "2.13",
                "JAVA_HOME", installation.java17Home().toString());
        return workspace.add(AskedProgram.start(
                installation,
                new AskedProgram.Program(
                        installation.sparkClassPath(),
                        "io.tarn.benchmarks.spark.SparkMain",
                        List.of(),
                        "2g",
                        environment),
                all,
                home,
                workspace.log("spark-" + servers)));
    }

    /** A program that does what it is told with a Hadoop file system. @param uri of a directory that it has for itself */
    AskedProgram startFileSystemLoad(String uri) throws IOException {
        servers++;
        return workspace.add(AskedProgram.start(
                installation,
                new AskedProgram.Program(
                        installation.alluxioClassPath(),
                        "io.tarn.benchmarks.alluxio.FileSystemLoad",
                        List.of(uri),
                        "1g",
                        Map.of()),
                Map.of(
                        "hadoop.fs.alluxio.impl",
                        "alluxio.hadoop.FileSystem",
                        "alluxio.user.file.writetype.default",
                        "MUST_CACHE",
                        "alluxio.user.block.worker.client.pool.max",
                        "1000000"),
                workspace.directory("load-" + servers),
                workspace.log("load-" + servers)));
    }

    /** A client that does as it does by default: it reads what is on its node without the network. */
    TarnClient connect(TarnProcess tarn) {
        return workspace.add(TarnClient.connect(ClientOptions.of(tarn.master())));
    }

    /** A client that reads over TCP even from its own node. */
    TarnClient connectOverTcp(TarnProcess tarn) {
        return workspace.add(TarnClient.connect(ClientOptions.of(tarn.master()).withLocalAccess(false, false)));
    }

    static MountSettings mountOf(S3Process s3) {
        return MountSettings.DEFAULT.withStore(
                Map.of("endpoint", s3.endpoint().toString(), "region", "us-east-1", "path-style", "true"),
                Map.of("access-key", s3.accessKey(), "secret-key", s3.secretKey()));
    }

    /** Writes a file of {@link #fileBytes} that no compression shortens. */
    static void write(TarnClient client, String path, long lengthBytes, CreateOptions options) throws IOException {
        ByteBuffer buffer = noise();
        try (FileWriter writer = client.create(path, options)) {
            for (long written = 0; written < lengthBytes; written += buffer.capacity()) {
                writer.write(buffer.clear());
            }
        }
    }

    /** 1 MiB of noise, in a direct buffer. */
    static ByteBuffer noise() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MEBIBYTE);
        SplittableRandom random = new SplittableRandom(42);
        while (buffer.hasRemaining()) {
            buffer.putLong(random.nextLong());
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        workspace.close();
    }
}
