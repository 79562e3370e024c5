package io.tarn.worker.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, since mounts belong to a process. */
final class ReadOnlyMountTest {
    @TempDir
    Path directory;

    @Test
    void aViewShowsTheFilesAndTakesNoWrites() throws Exception {
        Process process = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "slave",
                        "--",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MountingProcess.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(
                process.waitFor() == 0 || !output.contains("unshare"),
                "needs root for a mount namespace; run as root to try read-only views: " + output);
        assertEquals("private true\nread content\nwrite refused\n", output);
    }

    /** Mounts a view and says what it can do with it. */
    static final class MountingProcess {
        private MountingProcess() {}

        public static void main(String[] arguments) throws IOException {
            Path real = Files.createDirectories(Path.of(arguments[0]).resolve("real"));
            Path view = Path.of(arguments[0]).resolve("view");
            Files.writeString(real.resolve("file"), "content");
            System.out.println("private " + ReadOnlyMount.isNamespacePrivate());
            ReadOnlyMount.mount(real, view);
            ReadOnlyMount.mount(real, view);
            System.out.println("read " + Files.readString(view.resolve("file")));
            try {
                Files.writeString(view.resolve("file"), "changed");
                System.out.println("write done");
            } catch (FileSystemException e) {
                System.out.println("write " + (String.valueOf(e.getMessage()).contains("Read-only") ? "refused" : e));
            } finally {
                ReadOnlyMount.unmount(view);
            }
        }
    }
}
