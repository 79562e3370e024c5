package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.CreateOptions;
import io.tarn.client.FileWriter;
import io.tarn.client.ListOptions;
import io.tarn.client.Listing;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.client.WriteType;
import io.tarn.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users get wrong: the same error through the command and the client, one line that says what to do, and the cache goes on. */
class BadInputTest {
    @TempDir
    static Path directory;

    private static RunningCache cache;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(directory.resolve("store/sub"));
        Files.createDirectories(directory.resolve("free"));
        Files.writeString(directory.resolve("store/file"), "text");
        cache = new RunningCache(directory.resolve("data"));
        cache.client().mount("/lake", uri("store"), MountSettings.DEFAULT);
        cache.client().makeDirectory("/full/inside", true, true, 0755);
        cache.client().makeDirectory("/open", true, true, 0777);
    }

    @AfterAll
    static void stop() {
        cache.close();
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(mountMistakes(), pathMistakes(), kindMistakes()).flatMap(each -> each);
    }

    private static Stream<Mistake> mountMistakes() {
        return Stream.of(
                mount(ErrorCode.ALREADY_EXISTS, 6, "/lake", uri("free")),
                mount(ErrorCode.DIRECTORY_NOT_EMPTY, 6, "/full", uri("free")),
                mount(ErrorCode.INVALID_ARGUMENT, 2, "/again", uri("store")),
                mount(ErrorCode.INVALID_ARGUMENT, 2, "/again", uri("store/sub")),
                mount(ErrorCode.STORE_NOT_FOUND, 3, "/none", uri("missing")),
                mount(ErrorCode.INVALID_ARGUMENT, 2, "/odd", "gopher://host/x"),
                mount(ErrorCode.INVALID_ARGUMENT, 2, "relative", uri("free")),
                new Mistake(
                        ErrorCode.NOT_FOUND, 3, client -> client.unmount("/not-mounted"), "unmount", "/not-mounted"));
    }

    private static Stream<Mistake> pathMistakes() {
        String longName = "/lake/" + "n".repeat(256);
        String longPath = "/open/" + "d/".repeat(2100);
        return Stream.of(
                new Mistake(ErrorCode.NOT_FOUND, 3, client -> client.status("/none"), "fs", "stat", "/none"),
                new Mistake(
                        ErrorCode.NOT_FOUND,
                        3,
                        client -> client.open("/lake/none", OpenOptions.DEFAULT),
                        "fs",
                        "cat",
                        "/lake/none"),
                new Mistake(ErrorCode.INVALID_ARGUMENT, 2, client -> client.status("lake"), "fs", "stat", "lake"),
                new Mistake(
                        ErrorCode.INVALID_ARGUMENT,
                        2,
                        client -> client.status("/lake/../etc"),
                        "fs",
                        "stat",
                        "/lake/../etc"),
                new Mistake(ErrorCode.NAME_TOO_LONG, 2, client -> client.status(longName), "fs", "stat", longName),
                new Mistake(
                        ErrorCode.NAME_TOO_LONG,
                        2,
                        client -> client.makeDirectory(longPath, true, true, 0755),
                        "fs",
                        "mkdir",
                        "-p",
                        longPath));
    }

    private static Stream<Mistake> kindMistakes() {
        return Stream.of(
                new Mistake(
                        ErrorCode.NOT_A_DIRECTORY,
                        6,
                        client -> client.makeDirectory("/lake/file/below", true, true, 0755),
                        "fs",
                        "mkdir",
                        "-p",
                        "/lake/file/below"),
                new Mistake(
                        ErrorCode.ALREADY_EXISTS,
                        6,
                        client -> client.makeDirectory("/full", false, false, 0755),
                        "fs",
                        "mkdir",
                        "/full"),
                new Mistake(
                        ErrorCode.IS_A_DIRECTORY,
                        6,
                        client -> client.open("/lake/sub", OpenOptions.DEFAULT),
                        "fs",
                        "cat",
                        "/lake/sub"),
                new Mistake(
                        ErrorCode.DIRECTORY_NOT_EMPTY, 6, client -> client.delete("/full", false), "fs", "rm", "/full"),
                new Mistake(
                        ErrorCode.INVALID_ARGUMENT,
                        2,
                        client -> client.rename("/full", "/full/inside/deeper", false),
                        "fs",
                        "mv",
                        "/full",
                        "/full/inside/deeper"),
                new Mistake(
                        ErrorCode.CROSS_MOUNT,
                        6,
                        client -> client.rename("/lake/file", "/open/file", false),
                        "fs",
                        "mv",
                        "/lake/file",
                        "/open/file"),
                new Mistake(
                        ErrorCode.NO_STORE,
                        2,
                        BadInputTest::writeThroughNowhere,
                        "fs",
                        "put",
                        "-w",
                        "THROUGH",
                        "-",
                        "/open/f"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeEndsTheSameThroughCommandAndClient(Mistake mistake) throws IOException {
        mistake.check(cache);
        assertEquals("text", cache.tarn("fs", "cat", "/lake/file").out(), "the cache goes on");
    }

    @Test
    void aTreeOfAThousandLevels() throws IOException {
        String path = "/open/deep" + "/d".repeat(1000);
        cache.client().makeDirectory(path, true, true, 0755);
        assertTrue(cache.client().status(path).isDirectory());
        assertEquals(0, cache.tarn("fs", "du", "/open/deep").status());
        assertEquals(0, cache.tarn("fs", "rm", "-r", "/open/deep").status());
        assertEquals(3, cache.tarn("fs", "stat", path).status());
    }

    @Test
    void aStoreWhoseDirectoryGoesAway() throws IOException {
        Path passing = Files.createDirectories(directory.resolve("passing"));
        assertEquals(
                0,
                cache.tarn("mount", "/passing", "--sync-interval", "always", uri("passing"))
                        .status());
        Files.delete(passing);
        new Mistake(
                        ErrorCode.STORE_NOT_FOUND,
                        3,
                        client -> {
                            try (Listing listing = client.list("/passing", ListOptions.CHILDREN)) {
                                listing.hasNext();
                            }
                        },
                        "fs",
                        "ls",
                        "/passing")
                .check(cache);
        assertEquals(0, cache.tarn("unmount", "/passing").status());
    }

    private static void writeThroughNowhere(TarnClient client) throws IOException {
        try (FileWriter writer = client.create("/open/f", CreateOptions.DEFAULT.withWriteType(WriteType.THROUGH))) {
            writer.write(ByteBuffer.allocate(1));
        }
    }

    private static Mistake mount(ErrorCode code, int status, String path, String store) {
        return new Mistake(
                code, status, client -> client.mount(path, store, MountSettings.DEFAULT), "mount", path, store);
    }

    private static String uri(String name) {
        return "file://" + directory.resolve(name);
    }
}
