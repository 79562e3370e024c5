package io.tarn.testing.s3;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An S3 server in a process of its own, started from this one and gone with it. Thread-safe.
 */
public final class S3Process implements AutoCloseable {
    private static final long STOP_SECONDS = 5;

    private final Process process;
    private final S3Settings settings;
    private final URI endpoint;
    private final URI control;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private S3Process(Process process, S3Settings settings, URI endpoint, URI control) {
        this.process = process;
        this.settings = settings;
        this.endpoint = endpoint;
        this.control = control;
    }

    /**
     * Starts the server with this JVM's class path; it serves when this returns.
     *
     * @throws IOException if it ends before it serves; its messages go to this process's standard error
     */
    public static S3Process start(S3Settings settings) throws IOException {
        return start(settings, System.getProperty("java.class.path"));
    }

    /** As {@link #start(S3Settings)}, with another class path, which must hold this class's module and what it needs. */
    public static S3Process start(S3Settings settings, String classPath) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseParallelGC",
                        "-cp",
                        classPath,
                        S3ServerMain.class.getName(),
                        "--directory",
                        settings.directory().toString(),
                        "--port",
                        Integer.toString(settings.port()),
                        "--access-key",
                        settings.accessKey(),
                        "--secret-key",
                        settings.secretKey(),
                        "--delay-millis",
                        Long.toString(settings.delayMillis()),
                        "--bandwidth",
                        Long.toString(settings.bandwidthBytesPerSecond()),
                        "--record-ranges",
                        Boolean.toString(settings.recordRanges()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null || !line.startsWith("READY ")) {
            process.destroyForcibly();
            throw new IOException("S3 server did not start: " + line);
        }
        List<String> words = List.of(line.split(" ", -1));
        return new S3Process(process, settings, URI.create(words.get(1)), URI.create(words.get(2)));
    }

    public URI endpoint() {
        return endpoint;
    }

    public String accessKey() {
        return settings.accessKey();
    }

    public String secretKey() {
        return settings.secretKey();
    }

    /** The server's process, for its id, its processor time, and for killing it. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    public S3Counts counts() throws IOException {
        return S3Counts.parse(ask("/counters"));
    }

    public void resetCounters() throws IOException {
        ask("/reset");
    }

    public void createBucket(String name) throws IOException {
        ask("/bucket/" + name);
    }

    /** Changes delay and bandwidth from now on; 0 is none. */
    public void shape(long delayMillis, long bandwidthBytesPerSecond) throws IOException {
        ask("/shape/" + delayMillis + "/" + bandwidthBytesPerSecond);
    }

    /** As {@link S3Counters#ranges}. */
    public List<String> ranges(String path) throws IOException {
        String answer = ask("/ranges" + path);
        return answer.equals("\n") ? List.of() : answer.lines().toList();
    }

    private String ask(String path) throws IOException {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(control + path)).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("S3 server refused " + path + ": " + response.body());
            }
            return response.body();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking the S3 server", interruption);
        }
    }

    /** Stops the server; its objects stay in the directory. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interruption) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
