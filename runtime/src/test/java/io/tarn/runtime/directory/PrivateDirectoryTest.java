package io.tarn.runtime.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void onlyTheLeafIsClosedToOthers() throws IOException {
        Path made = directory.resolve("data/master");
        PrivateDirectory.create(made);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        Set<PosixFilePermission> parents = Files.getPosixFilePermissions(made.getParent());
        assertTrue(parents.contains(PosixFilePermission.OTHERS_EXECUTE), parents.toString());
    }

    @Test
    void anExistingDirectoryKeepsItsModes() throws IOException {
        Path there = Files.createDirectory(directory.resolve("there"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-x---"));
        PrivateDirectory.create(there);
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(there)));
    }

    @Test
    void aFileInItsPlaceIsAnError() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThrows(IOException.class, () -> PrivateDirectory.create(file));
    }
}
