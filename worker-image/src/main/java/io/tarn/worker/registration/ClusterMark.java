package io.tarn.worker.registration;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The id of the cluster whose pages this worker holds, kept in its directory from its first registration on. Another cluster gives the same ids to other
 * files, so a worker with pages must never join one. For one thread.
 */
final class ClusterMark {
    private static final String FILE = "cluster-id";

    private final Path file;

    ClusterMark(Path directory) {
        file = directory.resolve(FILE);
    }

    /** The id; "" before the first registration. */
    String read() throws TarnException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    void keep(String clusterId) throws TarnException {
        if (clusterId.equals(read())) {
            return;
        }
        Path fresh = file.resolveSibling(FILE + ".new");
        try {
            Files.writeString(fresh, clusterId + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private TarnException unusable(IOException cause) {
        return new TarnException(
                ErrorCode.INVALID_ARGUMENT,
                "worker.directory: " + file + " cannot be read and written (" + cause
                        + "); choose a directory that this process may write",
                cause);
    }
}
