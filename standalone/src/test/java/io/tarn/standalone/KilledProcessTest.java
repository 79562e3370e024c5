package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.testing.s3.EmbeddedS3;
import io.tarn.testing.s3.S3Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that was killed while it filled its cache leaves behind is used again, after it was checked. */
class KilledProcessTest {
    private static final int PAGE = 1 << 20;
    private static final int PAGES = 64;

    @TempDir
    Path directory;

    private Path memory;
    private EmbeddedS3 s3;
    private byte[] content;

    @BeforeEach
    void start() throws IOException {
        memory = Files.createTempDirectory(Path.of("/dev/shm"), "tarn-test-");
        s3 = EmbeddedS3.start(S3Settings.inDirectory(directory.resolve("s3")));
        s3.createBucket("lake");
        content = new byte[PAGES * PAGE];
        new Random(5).nextBytes(content);
    }

    @AfterEach
    void stop() throws IOException {
        s3.close();
        try (Stream<Path> files = Files.walk(memory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void onlyPagesWhoseFillHadNotCompletedAreFetchedAgainAndAFlippedByteIsFound() throws Exception {
        try (StandaloneProcess first = StandaloneProcess.start(directory.resolve("data"), memory);
                TarnClient client = first.connect()) {
            client.mount("/lake", "s3://lake", S3Mounts.of(s3));
            try (var writer = client.create(
                    "/lake/file",
                    io.tarn.client.CreateOptions.DEFAULT.withWriteType(io.tarn.client.WriteType.THROUGH))) {
                writer.write(ByteBuffer.wrap(content));
            }
            s3.shape(5, 40_000_000);
            try (FileReader reader = client.open("/lake/file", OpenOptions.DEFAULT)) {
                reader.read(0, ByteBuffer.allocate(8 * PAGE)); // and the rest is being read ahead
                first.kill();
            }
        }
        s3.shape(0, 0);
        try (StandaloneProcess second = StandaloneProcess.start(directory.resolve("data"), memory);
                TarnClient client = second.connect()) {
            long kept = fetchedBytesOfASecondRead(client);
            // The last of the 8 streams to its reader while it fills: it may not have been stored yet.
            assertTrue(kept >= 7L * PAGE, "pages that were read before the kill are warm: " + kept);
            assertTrue(kept < content.length, "the kill came before the end of the file");
            second.kill();
        }
        flipOneByte();
        try (StandaloneProcess third = StandaloneProcess.start(directory.resolve("data"), memory);
                TarnClient client = third.connect()) {
            long before = s3.counters().snapshot().objectBytesOut();
            assertArrayEquals(content, readAll(client));
            assertEquals(
                    PAGE, s3.counters().snapshot().objectBytesOut() - before, "the bad page alone is fetched again");
        }
    }

    /** Reads all, checks it, and requires that just what was not cached came from the store. */
    private long fetchedBytesOfASecondRead(TarnClient client) throws IOException {
        long kept;
        try (FileReader reader = client.open("/lake/file", OpenOptions.DEFAULT)) {
            kept = reader.residency().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        long before = s3.counters().snapshot().objectBytesOut();
        assertArrayEquals(content, readAll(client));
        assertEquals(content.length - kept, s3.counters().snapshot().objectBytesOut() - before);
        return kept;
    }

    private byte[] readAll(TarnClient client) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(content.length);
        try (FileReader reader = client.open("/lake/file", OpenOptions.DEFAULT)) {
            while (all.hasRemaining()) {
                assertTrue(reader.read(all.position(), all) > 0);
            }
        }
        return all.array();
    }

    private void flipOneByte() throws IOException {
        List<Path> data;
        try (Stream<Path> files = Stream.concat(Files.walk(memory), Files.walk(directory.resolve("data")))) {
            data = files.filter(file -> file.toString().endsWith(".data")).toList();
        }
        assertTrue(!data.isEmpty());
        try (FileChannel channel = FileChannel.open(data.get(0), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, 3 * PAGE + 17);
            one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
            channel.write(one, 3 * PAGE + 17);
        }
    }
}
