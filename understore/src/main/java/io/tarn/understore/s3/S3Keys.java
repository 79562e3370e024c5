package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.understore.StorePaths;

/** Paths of a mount and keys of its bucket. Immutable. */
record S3Keys(String prefix) {
    /** @throws TarnException INVALID_ARGUMENT or NAME_TOO_LONG */
    String file(String path) throws TarnException {
        return prefix + StorePaths.check(path);
    }

    /** What every key below a directory starts with, and the directory's own marker. */
    String directory(String path) throws TarnException {
        return path.isEmpty() ? prefix : file(path) + "/";
    }

    /** The path of a key that starts with the prefix; it may be one that the namespace cannot have. */
    String path(String key) {
        return key.substring(prefix.length());
    }

    /** Whether the namespace can have {@code path}. */
    static boolean isPath(String path) {
        for (String name : path.split("/", -1)) {
            // What was no valid UTF-8 in the store arrives with this character in place of its bytes.
            if (!TarnPath.isValidName(name) || name.indexOf('\ufffd') >= 0 || StorePaths.isTemporary(name)) {
                return false;
            }
        }
        return path.length() <= TarnPath.MAX_PATH_BYTES;
    }
}
