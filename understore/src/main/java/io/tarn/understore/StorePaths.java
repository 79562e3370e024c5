package io.tarn.understore;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.regex.Pattern;

/** Paths relative to a mount's root: names joined by "/", "" for the root. Adapters check every path that comes in, so none escapes its root. */
public final class StorePaths {
    private static final Pattern TEMPORARY = Pattern.compile("\\.tarn-[0-9a-f]{16}\\.tmp");

    private StorePaths() {}

    /** @throws TarnException INVALID_ARGUMENT or NAME_TOO_LONG where a name of {@code path} cannot stand in the namespace */
    public static String check(String path) throws TarnException {
        if (path.isEmpty()) {
            return path;
        }
        if (path.startsWith("/") || path.endsWith("/") || path.contains("//")) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "not a path relative to a mount's root: \"" + path + "\"");
        }
        TarnPath.parse("/" + path);
        if (isTemporary(name(path))) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "names of the form .tarn-<16 hexadecimal digits>.tmp are kept for unfinished files: \"" + path
                            + "\"");
        }
        return path;
    }

    /** The path of the entry {@code name} of {@code directory}. */
    public static String child(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    /** The directory that holds {@code path}; the root is its own parent. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** The last name of {@code path}; "" for the root. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** A name for a file that is being written, hidden from listings by {@link #isTemporary}. */
    public static String temporaryName(long random) {
        return ".tarn-" + "%016x".formatted(random) + ".tmp";
    }

    /** Whether {@code name} is that of a file being written, by this process or one that died. */
    public static boolean isTemporary(String name) {
        return name.startsWith(".tarn-") && TEMPORARY.matcher(name).matches();
    }
}
