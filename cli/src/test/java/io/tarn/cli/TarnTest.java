package io.tarn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class TarnTest {
    @Test
    void helpShowsCommandsExamplesAndExitStatuses() {
        CapturedRun run = run("--help");
        assertEquals(0, run.status());
        for (String word : new String[] {"fs", "mount", "load", "doctor", "Examples:", "Exit status:", "--master"}) {
            assertTrue(run.out().contains(word), word + " in " + run.out());
        }
    }

    @ParameterizedTest
    @MethodSource("allCommands")
    void everyCommandTeachesByExample(String name) {
        String[] arguments = (name + " --help").substring("tarn ".length()).split(" ");
        CapturedRun run = run(arguments);
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("Usage: " + name), run.out());
        assertTrue(run.out().contains("Examples:\n  "), run.out());
        assertTrue(run.out().contains("--output"), run.out());
    }

    static Stream<String> allCommands() {
        CommandLine line = Tarn.commandLine(new Console(
                InputStream.nullInputStream(),
                new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(new ByteArrayOutputStream()),
                false,
                Map.of()));
        return line.getSubcommands().values().stream()
                .flatMap(command -> Stream.concat(Stream.of(command), command.getSubcommands().values().stream()))
                .map(command -> command.getCommandSpec().qualifiedName())
                .distinct();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fs ls --wrong /x | Unknown option: '--wrong'",
                "fs lss | did you mean",
                "frobnicate | Unmatched argument",
                "fs stat | Missing required parameter",
                "fs head --bytes many /x | is no amount of data",
                "fs ls --output xml / | expected one of [table, json]",
                "load --parallel 0 /x | --parallel 0 is out of bounds",
                "fs chmod 999 /x | is no mode",
                "mount /x | no store given",
                "mount /x s3://b --sync-interval soon | is no duration",
                "--master here:port fs ls / | is no address of a master"
            })
    void wrongUsageIsOneLineThatHelps(String arguments, String told) throws IOException {
        try (ServerSocket listener = new ServerSocket(0)) {
            CapturedRun run =
                    CapturedRun.of(Map.of("TARN_MASTER", "localhost:" + listener.getLocalPort()), arguments.split(" "));
            assertEquals(2, run.status(), run.err());
            assertTrue(run.err().startsWith("tarn: "), run.err());
            assertTrue(run.err().contains(told), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    @Test
    void noMasterIsToldAtOnceWithoutAStackTrace() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        CapturedRun table = run("--master", "127.0.0.1:" + port, "fs", "ls", "/");
        assertEquals(5, table.status());
        assertEquals(
                "tarn: no master answers at 127.0.0.1:" + port
                        + "; start one with \"tarn standalone\", or say where it is with --master or TARN_MASTER\n",
                table.err());
        CapturedRun json = run("--master", "127.0.0.1:" + port, "-o", "json", "info");
        assertTrue(json.err().startsWith("{\"error\":\"UNAVAILABLE\",\"message\":\"no master"), json.err());
        assertTrue(
                run("--verbose", "--master", "127.0.0.1:" + port, "info").err().contains("\tat io.tarn.cli"),
                "verbose shows the stack trace");
    }

    @Test
    void completionNamesTheCommands() {
        CapturedRun run = run("completion");
        assertEquals(0, run.status());
        assertTrue(run.out().contains("checksum") && run.out().contains("complete -F"), "a completion script");
    }

    @Test
    void versionAsJson() {
        CapturedRun run = run("version", "--output", "json");
        assertTrue(run.out().matches("\\{\"version\":\"0\\.[^$]*\",\"java\":\".*\"}\n"), run.out());
        assertFalse(run.out().contains("${"), run.out());
    }

    private static CapturedRun run(String... arguments) {
        return CapturedRun.of(Map.of(), arguments);
    }
}
