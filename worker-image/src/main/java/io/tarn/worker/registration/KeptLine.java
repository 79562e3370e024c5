package io.tarn.worker.registration;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** A line of text in the worker's directory, replaced whole. Failures are INVALID_ARGUMENT: the directory cannot be used. For one thread. */
record KeptLine(Path file) {
    /** Without the end of the line; null where it was never written. */
    @Nullable
    String read() throws TarnException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    void write(String text) throws TarnException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(fresh.toAbsolutePath().getParent());
            Files.writeString(fresh, text + "\n");
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
