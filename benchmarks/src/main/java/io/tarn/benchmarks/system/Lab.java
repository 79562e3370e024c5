package io.tarn.benchmarks.system;

import io.tarn.benchmarks.measure.Pace;
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
import java.nio.file.Path;
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
