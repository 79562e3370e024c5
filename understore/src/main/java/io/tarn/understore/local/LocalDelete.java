package io.tarn.understore.local;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StorePaths;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Deletes directories. Links are deleted themselves, never what they point to. */
final class LocalDelete {
    private LocalDelete() {}

    static void directory(LocalFiles files, String path, boolean recursive) throws TarnException {
        Path directory = files.locate(path);
        try {
            if (recursive) {
                tree(directory);
            } else {
                temporaries(directory);
                Files.deleteIfExists(directory);
            }
        } catch (DirectoryNotEmptyException e) {
            throw new TarnException(ErrorCode.DIRECTORY_NOT_EMPTY, files.describe(path) + " is not empty", e);
        } catch (IOException e) {
            throw files.failure(path, e);
        }
    }

    /** Unfinished files are invisible, so they must not keep a directory that looks empty; but those of one that is not empty stay. */
    private static void temporaries(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!StorePaths.isTemporary(entry.getFileName().toString())) {
                    throw new DirectoryNotEmptyException(directory.toString());
                }
            }
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (StorePaths.isTemporary(entry.getFileName().toString())) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    private static void tree(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
