package io.tarn.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How much files of a directory hold. Stateless. */
public final class DirectorySize {
    private DirectorySize() {}

    /** The lengths of all files in and below {@code directory}, of which nobody deletes any meanwhile. */
    public static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(DirectorySize::lengthOf)
                    .sum();
        }
    }

    private static long lengthOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
