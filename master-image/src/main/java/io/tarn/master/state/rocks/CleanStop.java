package io.tarn.master.state.rocks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that stands in the state's directory from a stop that wrote everything until the next start. Without it the mirror, which no journal repeats, is
 * that of the last flush: it does not know what Tarn has changed in the stores since. For one thread at a time.
 */
final class CleanStop {
    private static final String FILE = "stopped-cleanly";

    private final Path directory;

    CleanStop(Path directory) {
        this.directory = directory;
    }

    /** Whether it is there; from now on it is not. */
    boolean take() throws IOException {
        boolean there = Files.deleteIfExists(directory.resolve(FILE));
        if (there) {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
        return there;
    }

    void leave() throws IOException {
        Files.writeString(directory.resolve(FILE), "");
    }
}
