package io.tarn.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few MiB; a test that asks for one is aborted where it may not mount. */
final class SmallDisk implements AutoCloseable {
    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** @param options as mount(8) takes them, for instance "size=40m,ro" */
    static SmallDisk mount(Path directory, String options) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        if (run("mount", "-t", "tmpfs", "-o", options, "tarn-test", directory.toString()) != 0) {
            abort("NOT TESTED: full and read-only tiers need a small tmpfs, and only root may mount one; run as root");
        }
        return new SmallDisk(directory);
    }

    /** An ext4 in a sparse file, which may have less room than the file's length: then the disk fails late. */
    static SmallDisk mountFile(Path image, int mebibytes, Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        boolean made = run("mkfs.ext4", "-q", "-O", "^has_journal", image.toString()) == 0;
        if (!made || run("mount", "-o", "loop,errors=continue", image.toString(), directory.toString()) != 0) {
            abort("NOT TESTED: a disk whose fsync fails needs a loop device, and only root may mount one; run as root");
        }
        return new SmallDisk(directory);
    }

    Path directory() {
        return directory;
    }

    /** Takes room, as other programs on the same disk do. */
    Path fill(int mebibytes) throws IOException {
        return Files.write(directory.resolve("foreign"), new byte[mebibytes << 20]);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        assertEquals(0, run("umount", "-l", directory.toString()), "umount " + directory);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
