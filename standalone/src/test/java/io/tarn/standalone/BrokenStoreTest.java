package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.FileReader;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.standalone.BrokenLink.Fault;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        cache.client().mount("/lake", "s3://lake", MountSettings.DEFAULT.withStore(properties, keys));
        Path source = Files.write(directory.resolve("source"), bytes);
        for (String name : new String[] {"/lake/cached", "/lake/cold"}) {
            String[] put = {"fs", "put", "--write-type", "CACHE_THROUGH", source.toString(), name};
            assertEquals(0, cache.tarn(put).status());
        }
        cache.tarn("fs", "cat", "/lake/cached");
        assertEquals(0, cache.tarn("free", "/lake/cold").status());
    }

    @AfterEach
    void stop() throws IOException {
        cache.close();
        link.close();
        s3.close();
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void readersGetRightBytesOrAnError(Fault fault) throws IOException {
        link.use(fault);
        readCold();
        assertArrayEquals(bytes, cache.tarn("fs", "cat", "/lake/cached").bytes());
        link.use(Fault.NONE);
        assertArrayEquals(bytes, cache.tarn("fs", "cat", "/lake/cold").bytes());
    }

    /** With little patience: what comes is right, and an error of the store names the file. */
    private void readCold() throws IOException {
        ClientOptions options = ClientOptions.of(cache.server().masterAddress())
                .withUser("root")
                .withDeadline(Duration.ofSeconds(3));
        ByteBuffer read = ByteBuffer.allocate(bytes.length);
        try (TarnClient client = TarnClient.connect(options);
                FileReader reader = client.open("/lake/cold", OpenOptions.DEFAULT)) {
            while (read.hasRemaining()) {
                assertTrue(reader.read(read.position(), read) > 0);
            }
        } catch (TarnException e) {
            boolean outOfPatience = e.code() == ErrorCode.TIMEOUT;
            assertTrue(outOfPatience || String.valueOf(e.getMessage()).contains("cold"), e.getMessage());
        }
        byte[] came = Arrays.copyOf(read.array(), read.position());
        assertArrayEquals(Arrays.copyOf(bytes, came.length), came, "what came is right");
    }
}
