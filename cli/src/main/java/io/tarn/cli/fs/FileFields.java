package io.tarn.cli.fs;

import io.tarn.cli.output.Field;
import io.tarn.client.FileInfo;
import java.util.List;
import java.util.Locale;

/** How a file or directory is shown. */
final class FileFields {
    private FileFields() {}

    /** The columns of a listing. @param shownName the name alone, or the path in a listing of more than one level */
    static List<Field> row(FileInfo file, String shownName) {
        return List.of(
                mode(file),
                Field.of("owner", file.owner()),
                Field.of("group", file.group()),
                file.isDirectory() ? new Field("lengthBytes", 0L, "-") : Field.bytes("lengthBytes", file.lengthBytes()),
                Field.time("modifiedMillis", file.modifiedMillis()),
                Field.of("state", state(file)),
                Field.of("name", shownName));
    }

    /** Of a symbolic link, where it leads, too. */
    static String withTarget(FileInfo file, String shownName) {
        return file.linkTarget() == null ? shownName : shownName + " -> " + file.linkTarget();
    }

    static Field mode(FileInfo file) {
        return new Field("mode", String.format(Locale.ROOT, "%04o", file.mode()), Modes.text(file));
    }

    /** Where the truth about it is. */
    static String state(FileInfo file) {
        if (file.mountPoint()) {
            return "mount";
        } else if (!file.complete()) {
            return "writing";
        } else if (file.linkTarget() != null) {
            return "link";
        }
        return file.persisted() ? "persisted" : "cache-only";
    }
}
