package io.tarn.cli.fs;

import io.tarn.client.FileInfo;
import io.tarn.client.TarnClient;
import io.tarn.protocol.error.TarnException;
import org.jspecify.annotations.Nullable;

/** Where a copy or move goes: to the target, or into it where it is a directory. */
final class Targets {
    private Targets() {}

    static String inNamespace(TarnClient client, String target, String name) throws TarnException {
        @Nullable FileInfo existing = client.statusOrNull(target);
        boolean into = target.endsWith("/") || (existing != null && existing.isDirectory());
        return into && !name.isEmpty() ? child(target, name) : target;
    }

    static String child(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    /** The last name of a path: "b" of "/a/b/"; "" for the root. */
    static String lastName(String path) {
        String trimmed = path.replaceAll("/+$", "");
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** The part of {@code path} below {@code ancestor}, without a leading slash. */
    static String below(String ancestor, String path) {
        String trimmed = ancestor.replaceAll("/+$", "");
        return path.length() <= trimmed.length() ? "" : path.substring(trimmed.length() + 1);
    }
}
