package io.tarn.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory in memory, removed with all that is in it. */
record MemoryDirectory(Path path) implements AutoCloseable {
    static MemoryDirectory make() throws IOException {
        return new MemoryDirectory(Files.createTempDirectory(Path.of("/dev/shm"), "tarn-test-"));
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
