package io.tarn.master.record;

import java.nio.charset.StandardCharsets;

/** Keys of the journaled tables, except those that {@link DirectoryKey} makes. */
public final class Keys {
    /** META: cluster id and ticket key. */
    public static final byte[] CLUSTER = "cluster".getBytes(StandardCharsets.UTF_8);
    /** META: the newest epoch that has begun. */
    public static final byte[] EPOCH = "epoch".getBytes(StandardCharsets.UTF_8);
    /** META: the first id that is not reserved yet. */
    public static final byte[] NEXT_ID = "next-id".getBytes(StandardCharsets.UTF_8);
    /** META: grows with every change of the mount table. */
    public static final byte[] MOUNT_TABLE_VERSION = "mount-table-version".getBytes(StandardCharsets.UTF_8);
    /** META: inodes up to this id count in the usage of the directories above them. */
    public static final byte[] COUNTED_THROUGH = "counted-through".getBytes(StandardCharsets.UTF_8);
    /** META: how many entries are symbolic links. */
    public static final byte[] LINKS = "links".getBytes(StandardCharsets.UTF_8);
    /** Prefix of everything. */
    public static final byte[] ALL = {};

    private static final byte WORKER = 'w';

    private Keys() {}

    /** INODE, MOUNT, INTENT, UNPERSISTED and DETACHED. */
    public static byte[] id(long id) {
        return new FieldWriter(8).fixed64(id).toBytes();
    }

    /** The id in a key of INODE, MOUNT, INTENT or DETACHED. */
    public static long idOf(byte[] key) {
        return java.nio.ByteBuffer.wrap(key).getLong();
    }

    /** OVERLAY, TOMBSTONE and PERSISTING; also the prefix of all below, which the caller narrows with {@link #liesAtOrBelow}. */
    public static byte[] mounted(long mountId, String path) {
        return new FieldWriter(8 + path.length()).fixed64(mountId).rawText(path).toBytes();
    }

    /** The path in a key of OVERLAY or TOMBSTONE. */
    public static String mountedPath(byte[] key) {
        return new String(key, 8, key.length - 8, StandardCharsets.UTF_8);
    }

    /** EDGE and PENDING: prefix of what hangs in or below a mirrored directory; the caller narrows it with {@link #hangsAtOrBelow}. */
    public static byte[] hanging(long mountId, String path) {
        return new FieldWriter(9 + path.length())
                .u8(DirectoryKey.MIRRORED_TAG)
                .fixed64(mountId)
                .rawText(path)
                .toBytes();
    }

    /** Whether a key that starts with {@link #hanging} is of that directory or one below, and not of a sibling with a longer name. */
    public static boolean hangsAtOrBelow(byte[] key, byte[] prefix) {
        return prefix.length == 9 || key[prefix.length] == 0 || key[prefix.length] == '/';
    }

    /** Whether a path that starts with {@code top} is it or lies below it. */
    public static boolean liesAtOrBelow(String path, String top) {
        return top.isEmpty()
                || (path.startsWith(top) && (path.length() == top.length() || path.charAt(top.length()) == '/'));
    }

    /** COPIED. */
    public static byte[] copied(long operationId, long number) {
        return new FieldWriter(16).fixed64(operationId).fixed64(number).toBytes();
    }

    /** META: what lies on a mount. */
    public static byte[] figures(long mountId) {
        return new FieldWriter(9).u8('f').fixed64(mountId).toBytes();
    }

    /** META: a worker that is known. */
    public static byte[] worker(long workerId) {
        return new FieldWriter(9).u8(WORKER).fixed64(workerId).toBytes();
    }

    /** Prefix of {@link #worker}. */
    public static byte[] workers() {
        return new byte[] {WORKER};
    }

    /** The worker in a key of {@link #worker}. */
    public static long workerOf(byte[] key) {
        return java.nio.ByteBuffer.wrap(key, 1, 8).getLong();
    }

    /** CALL. */
    public static byte[] call(CallKey call) {
        return new FieldWriter(16)
                .fixed64(call.clientId())
                .fixed64(call.callNumber())
                .toBytes();
    }
}
