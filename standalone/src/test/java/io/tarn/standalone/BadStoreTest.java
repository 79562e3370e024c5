package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts of S3 that cannot work: a bucket that is not there, wrong keys, a wrong address, and a server that goes away later. */
class BadStoreTest {
    @TempDir
    static Path directory;

    private static RunningCache cache;
    private static EmbeddedS3 s3;

    @BeforeAll
    static void start() throws IOException {
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3")));
        s3.createBucket("lake");
        cache = new RunningCache(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        cache.close();
        s3.close();
    }

    @Test
    void aBucketThatIsNotThere() {
        mount(ErrorCode.STORE_NOT_FOUND, 3, "s3://absent/below", endpoint(), keys(s3.secretKey()))
                .check(cache);
    }

    @Test
    void wrongKeys() {
        String secret = "s3cr3t-that-is-wrong";
        mount(ErrorCode.STORE_DENIED, 4, "s3://lake", endpoint(), keys(secret)).check(cache);
        mount(ErrorCode.STORE_DENIED, 4, "s3://lake", endpoint(), Map.of("access-key", "nobody", "secret-key", secret))
                .check(cache);
        String told = cache.tarn(mount(ErrorCode.STORE_DENIED, 4, "s3://lake", endpoint(), keys(secret))
                        .command())
                .err();
        assertFalse(told.contains(secret), told);
        assertTrue(told.contains("check secret-key"), told);
    }

    @Test
    void noServerThere() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        mount(ErrorCode.STORE_UNAVAILABLE, 5, "s3://lake", "http://127.0.0.1:" + free, keys(s3.secretKey()))
                .check(cache);
        String here = "127.0.0.1:" + free;
        new Mistake(
                        ErrorCode.STORE_UNAVAILABLE,
                        5,
                        client -> client.mount("/hdfs", "hdfs://" + here + "/x", MountSettings.DEFAULT),
                        "mount",
                        "/hdfs",
                        "hdfs://" + here + "/x")
                .check(cache);
    }

    @Test
    void settingsThatCannotBeMeant() {
        mount(ErrorCode.INVALID_ARGUMENT, 2, "s3://lake", "not a URI", keys(s3.secretKey()))
                .check(cache);
        mount(ErrorCode.INVALID_ARGUMENT, 2, "s3:///prefix", endpoint(), keys(s3.secretKey()))
                .check(cache);
        Map<String, String> half = Map.of("access-key", s3.accessKey());
        mount(ErrorCode.INVALID_ARGUMENT, 2, "s3://lake", endpoint(), half).check(cache);
        new Mistake(
                        ErrorCode.INVALID_ARGUMENT,
                        2,
                        client -> client.mount("/s3", "s3://lake", settings(Map.of("endpont", "x"), Map.of())),
                        "mount",
                        "/s3",
                        "s3://lake",
                        "--option",
                        "endpont=x")
                .check(cache);
    }

    @Test
    void aServerThatGoesAway() throws IOException {
        try (EmbeddedS3 passing = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("passing")))) {
            passing.createBucket("lake");
            cache.client().mount("/passing", "s3://lake", S3Mounts.of(passing));
        }
        new Mistake(
                        ErrorCode.STORE_UNAVAILABLE,
                        5,
                        client -> client.open("/passing/none", OpenOptions.DEFAULT)
                                .close(),
                        "fs",
                        "cat",
                        "/passing/none")
                .check(cache);
        assertEquals(0, cache.tarn("mounts").status(), "the cache goes on");
        assertEquals(0, cache.tarn("unmount", "/passing").status(), "a dead store can be unmounted");
    }

    private static Mistake mount(
            ErrorCode code, int status, String uri, String endpoint, Map<String, String> credentials) {
        List<String> command = new ArrayList<>(List.of("mount", "/s3", uri, "--option", "endpoint=" + endpoint));
        credentials.forEach((key, value) -> command.addAll(List.of("--credential", key + "=" + value)));
        MountSettings settings = settings(Map.of("endpoint", endpoint), credentials);
        return new Mistake(code, status, client -> client.mount("/s3", uri, settings), command.toArray(String[]::new));
    }

    private static MountSettings settings(Map<String, String> properties, Map<String, String> credentials) {
        return MountSettings.DEFAULT.withStore(properties, credentials);
    }

    private static Map<String, String> keys(String secret) {
        return Map.of("access-key", s3.accessKey(), "secret-key", secret);
    }

    private static String endpoint() {
        return s3.endpoint().toString();
    }
}
