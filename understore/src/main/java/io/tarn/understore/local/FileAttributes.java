package io.tarn.understore.local;

import io.tarn.understore.StoreStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What one stat(2) tells of a file; links are not followed. */
record FileAttributes(int typeAndMode, long inode, long lengthBytes, FileTime modified, String owner, String group) {
    private static final int TYPE_BITS = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    static FileAttributes read(Path file) throws IOException {
        Map<String, Object> values = Files.readAttributes(
                file, "unix:mode,ino,size,lastModifiedTime,owner,group", LinkOption.NOFOLLOW_LINKS);
        return new FileAttributes(
                (Integer) value(values, "mode"),
                (Long) value(values, "ino"),
                (Long) value(values, "size"),
                (FileTime) value(values, "lastModifiedTime"),
                value(values, "owner").toString(),
                value(values, "group").toString());
    }

    private static Object value(Map<String, Object> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    boolean isLink() {
        return (typeAndMode & TYPE_BITS) == LINK;
    }

    boolean isRegular() {
        return (typeAndMode & TYPE_BITS) == REGULAR;
    }

    boolean isDirectory() {
        return (typeAndMode & TYPE_BITS) == DIRECTORY;
    }

    StoreStatus toStatus(String path) {
        String tag = isDirectory() ? "" : modified.to(TimeUnit.NANOSECONDS) + ":" + lengthBytes + ":" + inode;
        return new StoreStatus(
                path,
                isDirectory(),
                isDirectory() ? 0 : lengthBytes,
                modified.toMillis(),
                tag,
                owner,
                group,
                typeAndMode & 07777);
    }
}
