package io.tarn.worker.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeFileTest {
    @TempDir
    Path directory;

    @Test
    void aHoleReadsAsZeros() throws IOException {
        byte[] ones = new byte[1 << 20];
        Arrays.fill(ones, (byte) 1);
        Path path = Files.write(directory.resolve("file"), ones);
        try (NativeFile file = NativeFile.openForWriting(path)) {
            file.punchHole(4096, 8192);
        }
        byte[] bytes = Files.readAllBytes(path);
        assertEquals(ones.length, bytes.length);
        assertEquals(1, bytes[4095]);
        assertEquals(0, bytes[4096]);
        assertEquals(0, bytes[4096 + 8191]);
        assertEquals(1, bytes[4096 + 8192]);
    }

    @Test
    void aFileThatOthersHaveOpenOrMappedHasOtherUsers() throws IOException {
        Path path = Files.write(directory.resolve("file"), new byte[4096]);
        try (NativeFile file = NativeFile.openForReading(path)) {
            assertTrue(file.isOnlyUser());
            try (FileChannel other = FileChannel.open(path, StandardOpenOption.READ)) {
                assertEquals(4, other.read(ByteBuffer.allocate(4)));
                assertFalse(file.isOnlyUser());
            }
            assertTrue(file.isOnlyUser());
            Files.delete(path);
            assertTrue(file.isOnlyUser());
        }
    }

    @Test
    void whatTheKernelRefusesIsAnExceptionWithItsNumber() {
        NativeException failure = assertThrows(
                NativeException.class,
                () -> NativeFile.openForReading(directory.resolve("absent")).close());
        assertEquals(2, failure.errno());
    }
}
