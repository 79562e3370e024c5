package io.tarn.cli.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.cli.machine.Finding.Grade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {
    @TempDir
    Path root;

    @Test
    void anOldJavaIsEnoughForClientsOnly() {
        assertEquals(Grade.warning, checks().java(17).grade());
        assertEquals(Grade.ok, checks().java(25).grade());
    }

    @Test
    void fewOpenFiles() throws IOException {
        write("proc/self/limits", "Limit  Soft Limit\nMax open files            1024   4096   files\n");
        assertEquals("1024", checks().openFiles().found());
        assertEquals(Grade.warning, checks().openFiles().grade());
        write("proc/self/limits", "Max open files            unlimited   unlimited   files\n");
        assertEquals(Grade.ok, checks().openFiles().grade());
    }

    @Test
    void passthroughNeedsLinux69AndTheDevice() throws IOException {
        write("dev/fuse", "");
        write("proc/sys/kernel/osrelease", "6.8.0-generic\n");
        assertEquals(Grade.warning, checks().passthrough().grade());
        write("proc/sys/kernel/osrelease", "6.18.5\n");
        assertEquals(Grade.ok, checks().passthrough().grade());
        Files.delete(root.resolve("dev/fuse"));
        assertTrue(checks().passthrough().advice().contains("modprobe fuse"), "says what to do");
    }

    @Test
    void descriptorsNeedAPrivilege() throws IOException {
        write("proc/self/status", "Name:\tjava\nCapEff:\t00000000a80425fb\n");
        assertEquals(Grade.warning, checks().descriptors().grade());
        write("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");
        assertEquals(Grade.ok, checks().descriptors().grade());
    }

    private MachineChecks checks() {
        return new MachineChecks(root);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
