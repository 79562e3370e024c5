package io.tarn.master.state.rocks;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes a state directory out of a checkpoint. Stateless. */
public final class CheckpointFiles {
    private CheckpointFiles() {}

    /**
     * Fills {@code directory}, which does not exist yet, from a checkpoint, which stays as it is: tables, which never change, are linked, all else is
     * copied.
     */
    public static void restore(Path checkpoint, Path directory) throws TarnException {
        try (Stream<Path> listing = Files.list(checkpoint)) {
            List<Path> files = listing.toList();
            Files.createDirectories(directory);
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(".sst")) {
                    link(file, directory.resolve(name));
                } else {
                    Files.copy(file, directory.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot restore " + checkpoint + " to " + directory + ": check space and rights",
                    e);
        }
    }

    private static void link(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(file, link);
        }
    }
}
