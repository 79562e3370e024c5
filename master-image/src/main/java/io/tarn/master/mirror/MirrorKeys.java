package io.tarn.master.mirror;

import io.tarn.master.record.FieldWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys of MIRROR: mount id, depth, path. The depth keeps the children of one directory together, without their descendants between them. */
public final class MirrorKeys {
    private static final int PATH_AT = 10;

    private MirrorKeys() {}

    /** The key of one path. */
    public static byte[] row(long mountId, String path) {
        return key(mountId, depth(path), path);
    }

    /** The prefix of the direct children of a directory. */
    public static byte[] children(long mountId, String directory) {
        return below(mountId, directory, depth(directory) + 1);
    }

    /** The prefix of all rows of one mount. */
    static byte[] mount(long mountId) {
        return new FieldWriter(8).fixed64(mountId).toBytes();
    }

    /** The prefix of what lies below a directory at one depth of the mount. */
    static byte[] below(long mountId, String directory, int depth) {
        return key(mountId, depth, directory.isEmpty() ? "" : directory + "/");
    }

    /** The path in a key. */
    public static String path(byte[] key) {
        return new String(key, PATH_AT, key.length - PATH_AT, StandardCharsets.UTF_8);
    }

    /** After all rows of one depth of a mount, and before those of the next: no text has this byte. */
    static byte[] endOfDepth(long mountId, int depth) {
        return new FieldWriter(PATH_AT + 1).fixed64(mountId).u16(depth).u8(0xff).toBytes();
    }

    /** The depth in a key. */
    static int depth(byte[] key) {
        return Short.toUnsignedInt(ByteBuffer.wrap(key).getShort(PATH_AT - Short.BYTES));
    }

    /** How many names a path has. */
    public static int depth(String path) {
        if (path.isEmpty()) {
            return 0;
        }
        int names = 1;
        for (int i = 0; i < path.length(); i++) {
            names += path.charAt(i) == '/' ? 1 : 0;
        }
        return names;
    }

    private static byte[] key(long mountId, int depth, String path) {
        return new FieldWriter(PATH_AT + path.length())
                .fixed64(mountId)
                .u16(depth)
                .rawText(path)
                .toBytes();
    }
}
