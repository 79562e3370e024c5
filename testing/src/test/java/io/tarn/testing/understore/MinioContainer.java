package io.tarn.testing.understore;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A MinIO server in a container, removed at close. Used by one thread. */
final class MinioContainer implements AutoCloseable {
    static final String ACCESS_KEY = "tarn-test-access";
    static final String SECRET_KEY = "tarn-test-secret";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final String id;
    private final URI endpoint;

    private MinioContainer(String id, URI endpoint) {
        this.id = id;
        this.endpoint = endpoint;
    }

    static String image() {
        String named = System.getenv("TARN_TEST_MINIO_IMAGE");
        return named == null ? "minio:20260212" : named;
    }

    /** Whether there is a Docker engine that has the image. */
    static boolean available() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("docker", "image", "inspect", image())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return false;
        }
        return process.waitFor() == 0;
    }

    static MinioContainer start() throws IOException, InterruptedException {
        String id = docker(
                "run",
                "--detach",
                "--rm",
                "--publish",
                "127.0.0.1::9000",
                "--env",
                "MINIO_ROOT_USER=" + ACCESS_KEY,
                "--env",
                "MINIO_ROOT_PASSWORD=" + SECRET_KEY,
                image(),
                "server",
                "/data");
        String address = docker("port", id, "9000").lines().findFirst().orElseThrow();
        MinioContainer container = new MinioContainer(id, URI.create("http://" + address));
        container.awaitReady();
        return container;
    }

    private void awaitReady() throws IOException {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!ready()) {
            if (Instant.now().isAfter(limit)) {
                close();
                throw new IOException("MinIO was not ready after " + START_LIMIT);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private boolean ready() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    endpoint.resolve("/minio/health/ready").toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    URI endpoint() {
        return endpoint;
    }

    void createBucket(String name) {
        try (S3Client client = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(software.amazon.awssdk.http.apache.ApacheHttpClient.builder())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .build()) {
            client.createBucket(create -> create.bucket(name));
        }
    }

    @Override
    public void close() {
        try {
            docker("rm", "--force", id);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String docker(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst("docker");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("docker " + arguments[0] + " failed");
        }
        return output.strip();
    }
}
