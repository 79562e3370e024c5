package io.tarn.runtime.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories that only the server's own user may enter: they hold other people's data, or credentials. Thread-safe. */
public final class PrivateDirectory {
    private PrivateDirectory() {}

    /**
     * Makes a directory of mode 0700, with parents of the usual mode. One that exists stays as it is: its modes are its owner's business.
     *
     * @throws IOException where it cannot be made
     */
    public static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
