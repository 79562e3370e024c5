package io.tarn.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the namespace knows of a file or directory.
 *
 * @param id unique and stable while the file exists
 * @param version 32 hexadecimal digits that change with the content; "" for directories
 * @param mode POSIX bits, at most 07777
 * @param linkTarget where a symbolic link leads, as it was given; null for all else
 * @param persisted whether an under store holds it
 * @param storeUri where the under store holds it; null where none does
 * @param storeVersion the store's own version tag; null where none
 */
public record FileInfo(
        String path,
        long id,
        Type type,
        long lengthBytes,
        long modifiedMillis,
        long accessedMillis,
        String owner,
        String group,
        int mode,
        long blockSizeBytes,
        String version,
        boolean complete,
        boolean persisted,
        boolean mountPoint,
        @Nullable String storeUri,
        @Nullable String storeVersion,
        @Nullable String linkTarget,
        Map<String, byte[]> extendedAttributes) {
    /** Kinds of inodes. */
    public enum Type {
        FILE,
        DIRECTORY,
        SYMLINK
    }

    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }

    /** The last name of the path; "" for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
