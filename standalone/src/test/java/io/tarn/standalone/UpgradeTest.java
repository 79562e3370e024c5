package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.client.ClientOptions;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.TarnClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This release reads what earlier ones wrote: journal, state, checkpoints, page indexes. */
class UpgradeTest {
    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"0.1"})
    void everythingIsThere(String release) throws IOException {
        ReleaseFixture.unpack(release, data);
        checkAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1"})
    void theCheckpointAndTheJournalMakeALostStateAgain(String release) throws IOException {
        ReleaseFixture.unpack(release, data);
        try (Stream<Path> state = Files.walk(data.resolve("master/state"))) {
            for (Path file : state.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        checkAll();
    }

    private void checkAll() throws IOException {
        try (StandaloneServer server = StandaloneServer.start(ReleaseFixture.config(data));
                TarnClient client = TarnClient.connect(
                        ClientOptions.of(server.masterAddress()).withUser("root"))) {
            assertEquals("/lake", client.mounts().get(0).path());
            assertEquals(0700, client.status("/owned/after-the-checkpoint").mode());
            assertNull(client.statusOrNull("/owned/dir/file-2"));
            assertEquals(ReleaseFixture.TEXT + 1, read(client, "/owned/renamed"));
            for (int file = 3; file < ReleaseFixture.FILES; file++) {
                assertEquals(ReleaseFixture.TEXT + file, read(client, "/owned/dir/file-" + file));
            }
        }
    }

    private static String read(TarnClient client, String path) throws IOException {
        try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) reader.info().lengthBytes());
            assertTrue(reader.read(0, bytes) > 0);
            return new String(bytes.array(), StandardCharsets.UTF_8);
        }
    }
}
