package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.cli.Console;
import io.tarn.cli.Tarn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps {@code tarn standalone} from starting is told in one line, with an exit status and without a stack trace. */
class StartFailureTest {
    @TempDir
    Path directory;

    @Test
    void aPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = config("master.port=" + taken.getLocalPort());
            assertFails(5, "cannot listen on 127.0.0.1:" + taken.getLocalPort(), "--config", file.toString());
            file = config("http.port=" + taken.getLocalPort());
            assertFails(5, "cannot listen on 127.0.0.1:" + taken.getLocalPort(), "--config", file.toString());
            file = config("worker.data-port=" + taken.getLocalPort());
            assertFails(5, "127.0.0.1:" + taken.getLocalPort(), "--config", file.toString());
        }
    }

    @Test
    void aDataDirectoryThatIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertFails(2, "choose another with --data", "--data", file.toString());
    }

    @Test
    void aTierDirectoryThatIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertFails(2, file.toString(), "--ssd-dir", file.toString());
    }

    @Test
    void aTierDirectoryThatCannotBeWrittenOrIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("read-only"), "size=32m,ro")) {
            assertFails(
                    2, "worker.tiers.ssd.paths", "--ssd-dir", disk.directory().toString());
        }
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("full"), "size=32m")) {
            disk.fill(30);
            assertFails(
                    2,
                    "worker.tiers.ssd.capacity",
                    "--ssd",
                    "16MiB",
                    "--ssd-dir",
                    disk.directory().toString());
        }
    }

    @Test
    void aDataDirectoryThatCannotBeWrittenOrIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("read-only"), "size=32m,ro")) {
            assertFails(
                    2,
                    "choose another with --data",
                    "--data",
                    disk.directory().resolve("data").toString());
        }
    }

    @Test
    void unknownAndWrongSettings() throws IOException {
        assertFails(
                2,
                "did you mean worker.data-port?",
                "--config",
                config("worker.data-prot=1").toString());
        assertFails(
                2,
                "is out of bounds; 0 to 65535",
                "--config",
                config("http.port=70000").toString());
        assertFails(2, "no such file", "--config", directory.resolve("none").toString());
        assertFails(2, "is no amount of data", "--mem", "lots");
        assertFails(2, "is out of bounds; at least 16MiB", "--mem", "1KiB");
        assertFails(2, "Unknown options: '--memory'", "--memory", "1GiB");
    }

    private Path config(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of(lines));
        for (String port : new String[] {"master.port", "worker.data-port", "http.port"}) {
            if (all.stream().noneMatch(line -> line.startsWith(port + "="))) {
                all.add(port + "=0");
            }
        }
        return Files.write(directory.resolve("tarn.properties"), all);
    }

    private void assertFails(int status, String told, String... arguments) {
        List<String> line = new ArrayList<>(List.of("standalone"));
        if (!List.of(arguments).contains("--data")) {
            line.addAll(List.of("--data", directory.resolve("data").toString()));
        }
        if (!List.of(arguments).contains("--mem")) {
            line.addAll(List.of("--mem", "16MiB"));
        }
        if (!List.of(arguments).contains("--config")) {
            line.addAll(List.of("--port", "0"));
        }
        line.addAll(List.of("--mem-dir", directory.resolve("mem").toString()));
        line.addAll(List.of(arguments));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                Map.of());
        assertEquals(status, Tarn.run(console, line.toArray(String[]::new)), err.toString(StandardCharsets.UTF_8));
        String text = err.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("tarn: ") && text.contains(told), text);
        assertTrue(text.lines().allMatch(each -> each.startsWith("tarn: ")), text);
    }
}
