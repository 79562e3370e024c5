package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.cli.Tarn;
import io.tarn.client.MountSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory with 100,000 files streams through a command whose memory would not hold them. */
class LargeListingTest {
    private static final int FILES = 100_000;

    @TempDir
    Path directory;

    @Test
    void theCommandHoldsAFewRowsOnly() throws Exception {
        try (MemoryDirectory store = MemoryDirectory.make();
                RunningCache cache = new RunningCache(directory.resolve("data"))) {
            for (int i = 0; i < FILES; i++) {
                Files.createFile(store.path().resolve("a file with a name of common length, number %06d".formatted(i)));
            }
            cache.client().mount("/lake", "file://" + store.path(), MountSettings.DEFAULT);
            try (JavaProcess command = JavaProcess.start(
                    List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                    Map.of("TARN_MASTER", cache.server().masterAddress()),
                    Tarn.class,
                    List.of("fs", "ls", "/lake"))) {
                List<String> lines = command.lines();
                assertEquals(0, command.status(), () -> lines.toString());
                List<String> rows = lines.stream()
                        .filter(line -> line.contains("a file with a name"))
                        .toList();
                assertEquals(FILES, rows.size(), () -> lines.subList(0, 5).toString());
                assertTrue(rows.getLast().endsWith("number 099999"), rows.getLast());
            }
        }
    }
}
