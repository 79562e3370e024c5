package io.tarn.standalone.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Java sources of all modules. */
final class SourceTree {
    private final Path root;

    private SourceTree(Path root) {
        this.root = root;
    }

    /** The tree that this test was built from. */
    static SourceTree find() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("bin/check-jdk"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("run this test inside the source tree");
        }
        return new SourceTree(directory);
    }

    Path root() {
        return root;
    }

    /** All hand-written Java files, relative to the root. */
    List<Path> javaFiles() {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(root::relativize)
                    .filter(file -> file.toString().contains("src/"))
                    .filter(file -> !file.toString().contains("target/")
                            && !file.toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(Path file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isTest(Path file) {
        return file.toString().contains("src/test/");
    }

    static boolean isIn(Path file, String... modules) {
        return Stream.of(modules).anyMatch(module -> file.startsWith(module));
    }
}
