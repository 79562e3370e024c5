package io.tarn.hadoop;

import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.jspecify.annotations.Nullable;

/** Hadoop's two kinds of rename, with the rules of HDFS. Thread-safe. */
final class Renames {
    private final TarnClient client;

    Renames(TarnClient client) {
        this.client = client;
    }

    /**
     * The older kind: into the target where that is a directory; a target that cannot be is answered by false.
     *
     * @throws TarnException for what is neither done nor plainly impossible: no permission, another mount, a store that fails
     */
    boolean rename(String source, String target) throws TarnException {
        FileInfo from = itselfOrNull(source);
        if (from == null || source.equals("/")) {
            return false;
        }
        FileInfo to = client.statusOrNull(target);
        if (source.equals(target)) {
            return !from.isDirectory();
        }
        if (isBelow(target, source)) {
            return false;
        }
        String end = target;
        if (to != null) {
            if (!to.isDirectory()) {
                return false;
            }
            end = target.equals("/") ? "/" + from.name() : target + "/" + from.name();
            if (end.equals(source)) {
                return true;
            }
        }
        try {
            client.rename(source, end, false);
            return true;
        } catch (TarnException e) {
            return switch (e.code()) {
                case NOT_FOUND, ALREADY_EXISTS, NOT_A_DIRECTORY, DIRECTORY_NOT_EMPTY -> false;
                default -> throw e;
            };
        }
    }

    /** The newer kind: exactly to the target, or an exception that says why not. */
    void renameTo(String source, String target, boolean overwrite) throws IOException {
        FileInfo from = client.linkStatus(source);
        if (source.equals(target)) {
            throw new FileAlreadyExistsException("source and target are the same: " + source);
        }
        if (isBelow(target, source)) {
            throw new PathIOException(source, "a directory cannot be moved into itself: " + target);
        }
        FileInfo to = itselfOrNull(target);
        if (to != null) {
            replace(from, to, overwrite);
        }
        client.rename(source, target, overwrite);
    }

    /** What has a name, not what it leads to; null where there is nothing. */
    private @Nullable FileInfo itselfOrNull(String path) throws TarnException {
        try {
            return client.linkStatus(path);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private void replace(FileInfo from, FileInfo to, boolean overwrite) throws IOException {
        if (from.isDirectory() != to.isDirectory()) {
            throw new PathIOException(
                    to.path(), "a " + kind(from) + " cannot take the place of a " + kind(to) + ": " + from.path());
        }
        if (!overwrite) {
            throw new FileAlreadyExistsException("the target exists: " + to.path());
        }
        if (to.isDirectory()) {
            removeEmpty(to.path());
        }
    }

    private void removeEmpty(String directory) throws IOException {
        try {
            client.delete(directory, false);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.DIRECTORY_NOT_EMPTY) {
                throw (IOException) new PathIsNotEmptyDirectoryException(directory).initCause(e);
            }
            throw e;
        }
    }

    private static String kind(FileInfo info) {
        return info.isDirectory() ? "directory" : "file";
    }

    private static boolean isBelow(String path, String directory) {
        return path.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }
}
