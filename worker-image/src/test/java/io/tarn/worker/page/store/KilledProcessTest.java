package io.tarn.worker.page.store;

import static io.tarn.worker.page.store.StoreFixture.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.worker.page.CachedFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process killed while it fills and moves: the next one finds every page that was stored, and only right bytes. */
final class KilledProcessTest {
    private static final int STORED_BEFORE_KILL = 60;

    private StoreFixture fixture;

    @BeforeEach
    void makeDirectories() throws IOException {
        fixture = new StoreFixture();
    }

    @AfterEach
    void removeDirectories() {
        fixture.close();
    }

    @Test
    void whatAKilledProcessStoredIsThere() throws Exception {
        Set<String> stored = new HashSet<>();
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FillingProcess.class.getName(),
                        fixture.mem.toString(),
                        fixture.ssd.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            while (stored.size() < STORED_BEFORE_KILL) {
                String line = lines.readLine();
                assertNotNull(line, "the process ended by itself");
                stored.add(line);
            }
            assertTrue(process.toHandle().destroyForcibly());
            lines.lines().filter(line -> line.endsWith(";")).forEach(stored::add);
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertAllThere(stored);
    }

    private void assertAllThere(Set<String> stored) throws IOException {
        int present = 0;
        try (TieredPageStore store = fixture.openIdle(FillingProcess.MEM_MIB, FillingProcess.SSD_MIB)) {
            for (String line : stored) {
                String[] numbers = line.replace(";", "").split(" ", 2);
                int number = Integer.parseInt(numbers[0]);
                try (CachedFile file = store.open(Pattern.version(number), FillingProcess.LENGTH, true)) {
                    assertTrue(Pattern.isRight(file, Integer.parseInt(numbers[1]), FillingProcess.LENGTH), line);
                    present++;
                }
            }
            assertEquals(0, fixture.count("corrupt_pages_total"));
            assertTrue(fixture.count("verified_pages_total") >= present);
        }
    }

    /** Fills two tiers, moving segments up and down all the time, and says what it has stored. */
    static final class FillingProcess {
        static final int MEM_MIB = 24;
        static final int SSD_MIB = 512;
        static final long LENGTH = 4 * MIB;

        private FillingProcess() {}

        public static void main(String[] arguments) throws IOException {
            ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
            parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
            StoreFixture fixture = new StoreFixture(Path.of(arguments[0]), Path.of(arguments[1]));
            TieredPageStore store = fixture.openIdle(MEM_MIB, SSD_MIB);
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    store.mover().round();
                }
            });
            for (int number = 0; number < 100; number++) {
                try (CachedFile file = store.open(Pattern.version(number), LENGTH, true)) {
                    for (int page = 0; page < LENGTH / MIB; page++) {
                        assertTrue(Pattern.store(file, page, LENGTH));
                        System.out.println(number + " " + page + ";");
                    }
                    long touched = number * LENGTH;
                    store.heatOf(file.version()).forEach(heat -> heat.touched(touched));
                    file.wantPromotion();
                }
            }
            while (true) {
                store.mover().round();
            }
        }
    }
}
