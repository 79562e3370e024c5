package io.tarn.understore;

import org.jspecify.annotations.Nullable;

/**
 * What a store knows of one file or directory.
 *
 * @param path relative to the mount's root
 * @param lengthBytes 0 for directories
 * @param modifiedMillis since the epoch; 0 where unknown (a prefix of an object store)
 * @param versionTag changes whenever the content does: an entity tag, or "mtime:length" (nanoseconds where the store has them); "" for directories
 * @param owner null where the store keeps none
 * @param group null where the store keeps none
 * @param mode POSIX bits; -1 where the store keeps none
 */
public record StoreStatus(
        String path,
        boolean directory,
        long lengthBytes,
        long modifiedMillis,
        String versionTag,
        @Nullable String owner,
        @Nullable String group,
        int mode) {
    public static StoreStatus directory(String path, long modifiedMillis) {
        return new StoreStatus(path, true, 0, modifiedMillis, "", null, null, -1);
    }

    public static StoreStatus file(String path, long lengthBytes, long modifiedMillis, String versionTag) {
        return new StoreStatus(path, false, lengthBytes, modifiedMillis, versionTag, null, null, -1);
    }

    /** The last name of the path; "" for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
