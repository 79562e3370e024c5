package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Timer;
import io.tarn.client.FileReader;
import io.tarn.client.MountSettings;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mount in which nothing changes: the master is asked for each file once, and need not be there after that. */
@Timeout(60)
class WithoutMasterTest {
    private static final int FILES = 10;
    private static final int OPENS = 10_000;

    @TempDir
    Path directory;

    @Test
    void readingGoesOnWithoutAskingTheMaster() throws Exception {
        Path store = Files.createDirectory(directory.resolve("store"));
        byte[][] content = new byte[FILES][];
        for (int i = 0; i < FILES; i++) {
            content[i] = new byte[10_000 + i];
            new Random(i).nextBytes(content[i]);
            Files.write(store.resolve("file-" + i), content[i]);
        }
        try (SmallCluster cluster = new SmallCluster(directory, 2)) {
            TarnClient client = cluster.client();
            client.mount(
                    "/still",
                    store.toUri().toString(),
                    MountSettings.DEFAULT.withReadOnly(true).withSyncInterval(null));
            client.mount("/moving", store.toUri().toString(), MountSettings.DEFAULT.withReadOnly(true));
            for (int i = 0; i < FILES; i++) {
                assertArrayEquals(content[i], read(client, "/still/file-" + i));
                assertArrayEquals(content[i], read(client, "/moving/file-" + i));
            }
            long before = opens(cluster);
            assertTrue(before >= 2 * FILES, "a worker that has not heard of the mount yet is asked once more");
            for (int i = 0; i < OPENS; i++) {
                client.open("/still/file-" + i % FILES, OpenOptions.DEFAULT).close();
            }
            assertEquals(before, opens(cluster));
            client.open("/moving/file-0", OpenOptions.DEFAULT).close();
            assertEquals(before + 1, opens(cluster));

            cluster.master().close();
            for (int i = 0; i < FILES; i++) {
                assertArrayEquals(content[i], read(client, "/still/file-" + i));
            }
            assertThrows(TarnException.class, () -> client.open("/moving/file-0", OpenOptions.DEFAULT));
        }
    }

    private static long opens(SmallCluster cluster) {
        Timer timer =
                cluster.meters().find("tarn.master.rpc").tag("method", "Open").timer();
        return timer == null ? 0 : timer.count();
    }

    private static byte[] read(TarnClient client, String path) throws IOException {
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(reader.info().lengthBytes()));
            while (bytes.hasRemaining()) {
                assertTrue(reader.read(bytes.position(), bytes) > 0);
            }
            return bytes.array();
        }
    }
}
