package io.tarn.understore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadLogTest {
    @TempDir
    Path directory;

    private List<String> leftovers(String storeUri) throws IOException {
        try (UploadLog uploads = UploadLog.open(directory)) {
            return uploads.takeLeftovers(storeUri).stream()
                    .map(UploadLog.Upload::upload)
                    .toList();
        }
    }

    @Test
    void whatHasNotEndedIsKnownToTheNextProcessUntilItIsRemoved() throws IOException {
        try (UploadLog uploads = UploadLog.open(directory)) {
            uploads.end(uploads.begin("s3://a", "done", true));
            long open = uploads.begin("s3://a", "\nkey with spaces + ü", true);
            uploads.begin("s3://b", "other", false);
            uploads.change(open, "id\nkey with spaces + ü", true);
            assertTrue(uploads.takeLeftovers("s3://a").isEmpty(), "its own uploads are none");
        }
        assertEquals(List.of("id\nkey with spaces + ü"), leftovers("s3://a"));
        try (UploadLog uploads = UploadLog.open(directory)) {
            List<UploadLog.Upload> taken = uploads.takeLeftovers("s3://a");
            assertEquals(1, taken.size());
            assertTrue(uploads.takeLeftovers("s3://a").isEmpty());
            uploads.end(taken.getFirst().number());
        }
        assertTrue(leftovers("s3://a").isEmpty());
        assertEquals(List.of("other"), leftovers("s3://b"));
    }

    @Test
    void aTornLineIsNoUploadAndTheFileStaysSmall() throws IOException {
        try (UploadLog uploads = UploadLog.open(directory)) {
            uploads.begin("s3://a", "kept", false);
            for (int i = 0; i < 30_000; i++) {
                uploads.end(uploads.begin("s3://a", "short", false));
            }
        }
        Path file = directory.resolve("uploads.log");
        assertTrue(Files.size(file) < 1 << 20, () -> "bytes: " + file.toFile().length());
        Files.writeString(file, "+ 99 s3%3A%2F%2Fa", StandardOpenOption.APPEND);
        assertEquals(List.of("kept"), leftovers("s3://a"));
    }

    @Test
    void damagedLinesArePassedOverAndATornNumberEndsNothing() throws IOException {
        String damage =
                "+ 1 s3%3A%2F%2Fa kept\n+ x2 s3%3A%2F%2Fa number\n+ 3 s3%ZZ percent\n- y\n-\n\u00ff\u0000\n\n- 1";
        Files.writeString(directory.resolve("uploads.log"), damage, StandardCharsets.ISO_8859_1);
        assertEquals(List.of("kept"), leftovers("s3://a"));
    }

    @Test
    void oneDirectoryServesOneProcess() throws IOException {
        try (UploadLog uploads = UploadLog.open(directory)) {
            uploads.begin("s3://a", "x", false);
            TarnException refused = assertThrows(TarnException.class, () -> UploadLog.open(directory));
            assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        }
    }

    @Test
    void theNextStartRemovesTemporaryFilesOfLocalStores() throws IOException {
        Path root = Files.createDirectories(directory.resolve("store/below"));
        String uri = directory.resolve("store").toString();
        Path temporary = root.resolve(StorePaths.temporaryName(7));
        Files.writeString(temporary, "half");
        try (UploadLog uploads = UploadLog.open(directory)) {
            uploads.begin("file://" + uri, "below/" + temporary.getFileName(), false);
            uploads.begin("file://" + uri, "gone/" + temporary.getFileName(), false);
        }
        try (UploadLog uploads = UploadLog.open(directory);
                UnderStore store = UnderStores.load(uploads).open(uri, MountOptions.getDefaultInstance())) {
            assertEquals("file://" + uri, store.uri());
            long end = System.nanoTime() + 20_000_000_000L;
            while (Files.exists(temporary) && System.nanoTime() < end) {
                LockSupport.parkNanos(1_000_000);
            }
            assertTrue(Files.notExists(temporary));
        }
    }
}
