package io.tarn.protocol.id;

import java.nio.ByteBuffer;

/** Ids of mirrored files and directories: derived, never stored. */
public final class MirroredId {
    private MirroredId() {}

    /** 64 bits of SHA-256 over mount and path, with the top bit set, which owned inode ids never have. */
    public static long of(long mountId, String backingPath) {
        return ByteBuffer.wrap(FileVersion.sha256(mountId + "\0" + backingPath)).getLong() | Long.MIN_VALUE;
    }
}
