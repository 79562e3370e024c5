package io.tarn.testing.etcd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates of a server at 127.0.0.1 and of its clients, by an authority of their own, valid for a day. Made by the program openssl. Immutable. */
public record EtcdCertificates(
        Path authority, Path serverCertificate, Path serverKey, Path clientCertificate, Path clientKey) {
    private static final long WAIT_SECONDS = 60;

    /** Whether this machine has the program openssl. */
    public static boolean canBeMade() {
        return EtcdCluster.isOnPath("openssl");
    }

    /** @param directory an empty one */
    public static EtcdCertificates make(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        run(directory, "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 1 -subj /CN=authority");
        Files.writeString(
                directory.resolve("uses"), "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n");
        for (String name : List.of("server", "client")) {
            run(
                    directory,
                    "req -newkey rsa:2048 -nodes -keyout %1$s.key -out %1$s.request -subj /CN=%1$s".formatted(name));
            run(
                    directory,
                    "x509 -req -in %1$s.request -CA ca.pem -CAkey ca.key -CAcreateserial -out %1$s.pem -days 1 -extfile uses"
                            .formatted(name));
        }
        return new EtcdCertificates(
                directory.resolve("ca.pem"),
                directory.resolve("server.pem"),
                directory.resolve("server.key"),
                directory.resolve("client.pem"),
                directory.resolve("client.key"));
    }

    private static void run(Path directory, String arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(("openssl " + arguments).split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.log").toFile())
                .start();
        if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(
                    "openssl " + arguments + " failed: " + Files.readString(directory.resolve("openssl.log")));
        }
    }
}
