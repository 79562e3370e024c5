package io.tarn.understore.local;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds files below a root without ever leaving it.
 *
 * <p>A symbolic link to a regular file below the root is followed; links to directories, links that lead out of the root, and everything that is
 * neither file nor directory (pipes, devices, sockets) is treated as not there. Links are resolved before use, not in the same system call: whoever
 * can change the directory at the same moment can still redirect an access, so the mount's directory is trusted as far as its writers are.
 *
 * <p>Immutable; safe for use by many threads.
 */
final class LocalFiles {
    private final Path root;

    LocalFiles(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** Where {@code path} lies, after a check that no directory on the way there is a link. */
    Path locate(String path) throws TarnException {
        StorePaths.check(path);
        if (path.isEmpty()) {
            return root;
        }
        try {
            String parent = StorePaths.parent(path);
            Path realParent = root.resolve(parent).toRealPath();
            if (!realParent.equals(root.toRealPath().resolve(parent))) {
                throw new TarnException(
                        ErrorCode.STORE_NOT_FOUND,
                        describe(path) + " lies behind a symbolic link to a directory, which Tarn does not follow:"
                                + " mount the link's target");
            }
            return realParent.resolve(StorePaths.name(path));
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** What lies at {@code path}; empty for nothing and for what is treated as not there. */
    Optional<StoreStatus> status(String path) throws TarnException {
        try {
            return Optional.ofNullable(statusAt(path, locate(path)));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.STORE_NOT_FOUND || e.code() == ErrorCode.NOT_A_DIRECTORY) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The status of a located file, or null where it is treated as not there. */
    @Nullable
    StoreStatus statusAt(String path, Path file) throws TarnException {
        try {
            FileAttributes attributes = FileAttributes.read(file);
            if (attributes.isLink()) {
                attributes = FileAttributes.read(resolveLink(file));
                return attributes.isRegular() ? attributes.toStatus(path) : null;
            }
            return attributes.isRegular() || attributes.isDirectory() ? attributes.toStatus(path) : null;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return null;
        } catch (IOException e) {
            TarnException failure = failure(path, e);
            if (failure.code() == ErrorCode.STORE_NOT_FOUND || failure.code() == ErrorCode.NOT_A_DIRECTORY) {
                return null;
            }
            throw failure;
        }
    }

    /** The file itself, or where the link that it is leads to. */
    Path resolveLink(Path file) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return file;
        }
        Path target = file.toRealPath();
        if (!target.startsWith(root.toRealPath())) {
            throw new NoSuchFileException(file.toString(), null, "a symbolic link that leads out of the mount");
        }
        return target;
    }

    String describe(String path) {
        return "file://" + (path.isEmpty() ? root : root.resolve(path));
    }

    /** The error code of a failed system call, with a message that says what to do. */
    TarnException failure(String path, IOException cause) {
        if (cause instanceof TarnException known) {
            return known;
        }
        String reason = cause instanceof FileSystemException e && e.getReason() != null ? e.getReason() : "";
        if (cause instanceof NoSuchFileException || reason.startsWith("Too many levels of symbolic links")) {
            return new TarnException(ErrorCode.STORE_NOT_FOUND, describe(path) + " does not exist", cause);
        }
        if (cause instanceof AccessDeniedException || reason.contains("Operation not permitted")) {
            return new TarnException(
                    ErrorCode.STORE_DENIED,
                    describe(path) + ": the user that Tarn runs as (" + System.getProperty("user.name")
                            + ") may not do this; check owner and mode",
                    cause);
        }
        ErrorCode code = switch (reason) {
            case "Not a directory" -> ErrorCode.NOT_A_DIRECTORY;
            case "Is a directory" -> ErrorCode.IS_A_DIRECTORY;
            case "File name too long" -> ErrorCode.NAME_TOO_LONG;
            case "No space left on device", "Disk quota exceeded" -> ErrorCode.NO_SPACE;
            case "Read-only file system" -> ErrorCode.STORE_DENIED;
            default -> cause instanceof NotDirectoryException ? ErrorCode.NOT_A_DIRECTORY : ErrorCode.STORE_UNAVAILABLE;
        };
        String detail = reason.isEmpty() ? String.valueOf(cause.getMessage()) : reason;
        return new TarnException(code, describe(path) + ": " + detail, cause);
    }
}
