package io.tarn.worker.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
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

    /** A descriptor that the worker hands out leads to the file's inode, by whoever holds it; only the mount that it was opened through is read-only. */
    @Test
    void aPrivilegedReceiverElsewhereCannotReopenADescriptorForWriting() throws Exception {
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
                        HoldingProcess.class.getName(),
                        directory.toString())
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String first = output.readLine();
            assumeTrue("holding".equals(first), "needs root for a mount namespace");
            int seen = 0;
            try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
                for (Path descriptor : descriptors.toList()) {
                    if (Files.readSymbolicLink(descriptor).toString().endsWith("/file")) {
                        seen++;
                        assertEquals("content", Files.readString(descriptor));
                        FileSystemException refused = assertThrows(
                                FileSystemException.class,
                                () -> FileChannel.open(descriptor, StandardOpenOption.WRITE)
                                        .close());
                        assertTrue(String.valueOf(refused.getMessage()).contains("Read-only"), refused.toString());
                    }
                }
            }
            assertEquals(1, seen);
            assertEquals("content", Files.readString(directory.resolve("real/file")));
        } finally {
            process.getOutputStream().close();
            assertEquals(0, process.waitFor());
        }
    }

    /** Mounts a view, opens a file through it, and keeps it open until its input ends. */
    static final class HoldingProcess {
        private HoldingProcess() {}

        public static void main(String[] arguments) throws IOException {
            Path real = Files.createDirectories(Path.of(arguments[0]).resolve("real"));
            Path view = Path.of(arguments[0]).resolve("view");
            Files.writeString(real.resolve("file"), "content");
            ReadOnlyMount.mount(real, view);
            try (FileChannel held = FileChannel.open(view.resolve("file"))) {
                System.out.println(held.isOpen() ? "holding" : "closed");
                while (System.in.read() >= 0) {}
            } finally {
                ReadOnlyMount.unmount(view);
            }
        }
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
