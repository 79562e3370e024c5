package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.MountSettings;
import io.tarn.standalone.BrokenLink.Fault;
import io.tarn.standalone.RunningCache.Run;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An S3 whose answers break: readers get right bytes or an error that names the file, cached files go on, and all is well once it is mended. */
@Timeout(120)
class BrokenStoreTest {
    @TempDir
    Path directory;

    private final byte[] bytes = new byte[(5 << 20) + 17];
    private EmbeddedS3 s3;
    private BrokenLink link;
    private RunningCache cache;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(bytes);
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3")));
        s3.createBucket("lake");
        link = new BrokenLink(s3.endpoint());
        cache = new RunningCache(directory.resolve("data"));
        Map<String, String> properties =
                Map.of("endpoint", link.endpoint().toString(), "attempts", "2", "read-timeout-millis", "500");
        Map<String, String> keys = Map.of("access-key", s3.accessKey(), "secret-key", s3.secretKey());
        cache.client()
                .mount(
                        "/lake",
                        "s3://lake",
                        new MountSettings(false, MountSettings.DEFAULT_SYNC_INTERVAL, properties, keys, 0, 0, 0));
        Path source = Files.write(directory.resolve("source"), bytes);
        for (String name : new String[] {"/lake/cached", "/lake/cold"}) {
            assertEquals(0, cache.tarn("fs", "put", source.toString(), name).status());
        }
        cache.tarn("fs", "cat", "/lake/cached");
        cache.tarn("free", "/lake/cold");
    }

    @AfterEach
    void stop() throws IOException {
        cache.close();
        link.close();
        s3.close();
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void readersGetRightBytesOrAnError(Fault fault) {
        link.use(fault);
        Run broken = cache.tarn("fs", "cat", "/lake/cold");
        assertArrayEquals(Arrays.copyOf(bytes, broken.bytes().length), broken.bytes(), "what came is right");
        assertTrue(
                broken.status() == 0 || broken.status() == 5 && broken.err().contains("/lake/cold"),
                broken.status() + " " + broken.err());
        assertArrayEquals(bytes, cache.tarn("fs", "cat", "/lake/cached").bytes());
        link.use(Fault.NONE);
        assertArrayEquals(bytes, cache.tarn("fs", "cat", "/lake/cold").bytes());
    }
}
