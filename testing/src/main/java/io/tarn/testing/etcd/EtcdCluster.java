package io.tarn.testing.etcd;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** An etcd of one or more members on the loopback address, with fsync as in production. For one thread. */
public final class EtcdCluster implements AutoCloseable {
    static final String PROGRAM = "etcd";

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<EtcdMember> members = new ArrayList<>();
    private final List<String> options;

    private EtcdCluster(Path directory, int size, String scheme, List<String> options) throws IOException {
        this.options = options;
        for (int i = 0; i < size; i++) {
            members.add(new EtcdMember("etcd-" + i, directory, scheme));
        }
    }

    /** Whether this machine has the program; install Debian's package etcd-server where it has not. */
    public static boolean isInstalled() {
        return isOnPath(PROGRAM);
    }

    static boolean isOnPath(String program) {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .anyMatch(directory -> Path.of(directory, program).toFile().canExecute());
    }

    /** Starts all members and waits until they serve. @param options more of etcd's own */
    public static EtcdCluster start(Path directory, int size, String... options)
            throws IOException, InterruptedException {
        return start(new EtcdCluster(directory, size, "http", List.of(options)));
    }

    /** The same, where clients have to show a certificate. */
    public static EtcdCluster startSecure(Path directory, int size, EtcdCertificates certificates)
            throws IOException, InterruptedException {
        return start(new EtcdCluster(
                directory,
                size,
                "https",
                List.of(
                        "--client-cert-auth",
                        "--trusted-ca-file",
                        certificates.authority().toString(),
                        "--cert-file",
                        certificates.serverCertificate().toString(),
                        "--key-file",
                        certificates.serverKey().toString())));
    }

    private static EtcdCluster start(EtcdCluster cluster) throws IOException, InterruptedException {
        try {
            for (EtcdMember member : cluster.members) {
                cluster.start(member);
            }
            for (EtcdMember member : cluster.members) {
                awaitHealth(member);
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    public List<EtcdMember> members() {
        return members;
    }

    /** Where clients reach it. */
    public List<String> endpoints() {
        return members.stream().map(EtcdMember::clientUrl).toList();
    }

    /** Starts a member again that was killed; does not wait until it serves. */
    public void start(EtcdMember member) throws IOException {
        member.start(members.stream().map(EtcdMember::asInitialMember).collect(Collectors.joining(",")), options);
    }

    /** Kills a member and starts it again, and waits until it serves. */
    public void restart(EtcdMember member) throws IOException, InterruptedException {
        member.kill();
        start(member);
        awaitHealth(member);
    }

    /** Waits until a member serves. */
    public static void awaitHealth(EtcdMember member) throws IOException, InterruptedException {
        HttpRequest health = HttpRequest.newBuilder(URI.create(member.healthUrl() + "/health"))
                .timeout(Duration.ofSeconds(1))
                .build();
        long end = System.nanoTime() + START_NANOS;
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    if (http.send(health, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    if (System.nanoTime() > end) {
                        throw new IOException("etcd does not serve at " + member.clientUrl(), e);
                    }
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Override
    public void close() {
        try {
            for (EtcdMember member : members) {
                member.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
