package io.tarn.worker.registration;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;

/** The worker's id: random, made at the first start, kept in its directory. */
public final class WorkerIdentity {
    private static final String FILE = "worker-id";

    private WorkerIdentity() {}

    /** @throws TarnException INVALID_ARGUMENT where the directory cannot be used, or the file in it holds no id */
    public static long load(Path directory) throws TarnException {
        Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            return parse(file, Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return make(file);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static long parse(Path file, String text) throws TarnException {
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    file + " holds no worker id; delete it, and the worker registers as a new one",
                    e);
        }
    }

    private static long make(Path file) throws TarnException {
        long id = new SecureRandom().nextLong() & Long.MAX_VALUE | 1;
        Path fresh = file.resolveSibling(FILE + ".new");
        try {
            Files.writeString(fresh, String.format("%016x%n", id));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return id;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static TarnException unusable(Path file, IOException cause) {
        return new TarnException(
                ErrorCode.INVALID_ARGUMENT,
                "worker.directory: " + file + " cannot be read and written (" + cause
                        + "); choose a directory that this process may write",
                cause);
    }
}
