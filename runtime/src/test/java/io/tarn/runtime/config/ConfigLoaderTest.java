package io.tarn.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    enum Level {
        VERY_QUIET,
        LOUD
    }

    record Port(
            @Setting(key = "worker.data-port", doc = "Port.", defaultValue = "9651", min = "0", max = "65535")
            int port) {}

    record Whole(
            Port port,
            @Setting(key = "worker.name", doc = "Name.") String name,

            @Setting(key = "worker.size", doc = "Size.", defaultValue = "64MiB", min = "1MiB", max = "1GiB")
            DataSize size,

            @Setting(key = "worker.wait", doc = "Wait.", defaultValue = "30s", min = "1s")
            Duration pause,

            @Setting(key = "worker.level", doc = "Level.", defaultValue = "loud")
            Level level,

            @Setting(key = "worker.on", doc = "On.", defaultValue = "true")
            boolean on,

            @Setting(key = "worker.directories", doc = "Directories.")
            List<Path> directories,

            @Setting(key = "worker.count", doc = "Count.", defaultValue = "3")
            long count) {}

    record Needy(
            @Setting(key = "worker.key", doc = "The key.", required = true)
            String key) {}

    record Refusing(
            @Setting(key = "low", doc = "Low.", defaultValue = "5")
            int low) {
        Refusing {
            if (low > 3) {
                throw new IllegalArgumentException("low = " + low + " must not be above 3");
            }
        }
    }

    @TempDir
    Path directory;

    @Test
    void defaults() {
        Whole whole = ConfigLoader.ofDefaults().load(Whole.class);
        assertEquals(
                new Whole(
                        new Port(9651),
                        "",
                        new DataSize(64 << 20),
                        Duration.ofSeconds(30),
                        Level.LOUD,
                        true,
                        List.of(),
                        3),
                whole);
    }

    @Test
    void theFileIsOverriddenByTheEnvironmentAndThatByTheCommandLine() throws IOException {
        Path file =
                file("worker.name = from file \nworker.count=7\nworker.level=very-quiet\nworker.directories=/a, /b\n");
        Whole whole = ConfigLoader.ofDefaults()
                .withFile(file)
                .withEnvironment(Map.of("TARN_WORKER_COUNT", "8", "TARN_WORKER_DATA_PORT", "1", "PATH", "/bin"))
                .withOverrides(Map.of("worker.data-port", "2"))
                .load(Whole.class);
        assertEquals("from file", whole.name());
        assertEquals(8, whole.count());
        assertEquals(2, whole.port().port());
        assertEquals(Level.VERY_QUIET, whole.level());
        assertEquals(List.of(Path.of("/a"), Path.of("/b")), whole.directories());
    }

    @Test
    void allProblemsAreReportedAtOnce() throws IOException {
        Path file = file("worker.siez=1MiB\nworker.size=2TiB\nworker.on=yes\n");
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> ConfigLoader.ofDefaults()
                        .withFile(file)
                        .withEnvironment(Map.of("TARN_WORKER_DATA_PORT", "99999"))
                        .load(Whole.class));
        assertEquals(
                List.of(
                        "environment: TARN_WORKER_DATA_PORT = 99999 is out of bounds; 0 to 65535",
                        file + ": worker.size = 2TiB is out of bounds; 1MiB to 1GiB",
                        file + ": worker.on = yes is not a true or false; write true or false",
                        file + ": unknown setting worker.siez = 1MiB; did you mean worker.size?"),
                e.problems());
    }

    @ParameterizedTest
    @CsvSource({
        "worker.wait, 3 weeks, write a duration",
        "worker.wait, 10ms, at least 1s",
        "worker.level, silent, 'one of very-quiet, loud'",
        "worker.size, many, not an amount of data",
        "worker.count, 1.5, write a whole number",
        "worker.data-port, 4294967296, write a whole number from"
    })
    void aWrongValueIsToldWithWhatIsAllowed(String key, String value, String told) {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> ConfigLoader.ofDefaults()
                        .withOverrides(Map.of(key, value))
                        .load(Whole.class));
        assertTrue(e.getMessage().startsWith("command line: " + key + " = " + value), e.getMessage());
        assertTrue(e.getMessage().contains(told), e.getMessage());
    }

    @Test
    void unknownVariablesAreErrorsButNotThoseOfServicesAndScripts() {
        ConfigLoader loader = ConfigLoader.ofDefaults();
        loader.withEnvironment(Map.of(
                        "TARN_HOME", "/opt/tarn",
                        "TARN_WORKER_SERVICE_HOST", "10.0.0.1",
                        "TARN_WORKER_PORT", "tcp://10.0.0.1:9651",
                        "TARN_WORKER_PORT_9651_TCP_ADDR", "10.0.0.1",
                        "TARN_WORKER_SERVICE_PORT_DATA", "9651",
                        "TARN_SERVICE_HOST", "10.0.0.1",
                        "TARN_SERVICE_PORT", "9650",
                        "TARN_PORT", "tcp://10.0.0.1:9650",
                        "TARN_PORT_9650_TCP_PORT", "9650"))
                .load(Whole.class);
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> loader.withEnvironment(Map.of("TARN_WORKER_NAEM", "x")).load(Whole.class));
        assertEquals(
                "environment: unknown setting TARN_WORKER_NAEM = x; did you mean TARN_WORKER_NAME?", e.getMessage());
    }

    @Test
    void aRequiredSettingIsNamedWithItsVariable() {
        ConfigException e = assertThrows(
                ConfigException.class, () -> ConfigLoader.ofDefaults().load(Needy.class));
        assertTrue(e.getMessage().contains("worker.key is not set"), e.getMessage());
        assertTrue(e.getMessage().contains("TARN_WORKER_KEY"), e.getMessage());
    }

    @Test
    void whatTheRecordRefusesIsAProblem() {
        ConfigException e = assertThrows(
                ConfigException.class, () -> ConfigLoader.ofDefaults().load(Refusing.class));
        assertEquals(List.of("low = 5 must not be above 3"), e.problems());
    }

    @Test
    void aFileIsReadStrictly() throws IOException {
        assertProblem(directory.resolve("none.properties"), "no such file");
        assertProblem(file("worker.count=1\nworker.count=2\n"), "worker.count is set twice");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertProblem(binary, "not a properties file in UTF-8");
    }

    private void assertProblem(Path file, String told) {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> ConfigLoader.ofDefaults().withFile(file).load(Whole.class));
        assertTrue(e.getMessage().contains(told), e.getMessage());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("tarn.properties"), text);
    }
}
