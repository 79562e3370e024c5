package io.tarn.master.record;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What children hang below: an owned directory by its inode id, or a directory of a mounted store by its place there. So an owned child can stand below
 * a mirrored directory that has no inode. The content of a mount point is {@code Mirrored(mountId, "")}.
 */
public sealed interface DirectoryKey {
    int OWNED_TAG = 'O';
    int MIRRORED_TAG = 'M';

    /** An owned directory. */
    record Owned(long inodeId) implements DirectoryKey {
        @Override
        public byte[] encode() {
            return new FieldWriter(9).u8(OWNED_TAG).fixed64(inodeId).toBytes();
        }
    }

    /**
     * A directory of a mounted store.
     *
     * @param path below the mount's root, without a leading "/"; "" is the root
     */
    record Mirrored(long mountId, String path) implements DirectoryKey {
        @Override
        public byte[] encode() {
            return new FieldWriter(10 + path.length())
                    .u8(MIRRORED_TAG)
                    .fixed64(mountId)
                    .rawText(path)
                    .u8(0)
                    .toBytes();
        }

        /** The place of a child. */
        public String childPath(String name) {
            return path.isEmpty() ? name : path + "/" + name;
        }
    }

    /** No encoding is a prefix of another, and names have no NUL: children of one directory are contiguous. */
    byte[] encode();

    /** The key of a child in EDGE and PENDING. */
    default byte[] childKey(String name) {
        return new FieldWriter(32 + name.length()).raw(encode()).rawText(name).toBytes();
    }

    /** The directory of which a key of the state is the encoding. */
    static DirectoryKey decode(byte[] key) {
        long id = ByteBuffer.wrap(key, 1, 8).getLong();
        return key[0] == OWNED_TAG
                ? new Owned(id)
                : new Mirrored(id, new String(key, 9, key.length - 10, StandardCharsets.UTF_8));
    }

    /** Writes this as a field of a record. */
    default void write(FieldWriter out) {
        switch (this) {
            case Owned owned -> out.u8(OWNED_TAG).varint(owned.inodeId);
            case Mirrored mirrored ->
                out.u8(MIRRORED_TAG).varint(mirrored.mountId).text(mirrored.path);
        }
    }

    static DirectoryKey read(FieldReader in) throws TarnException {
        int tag = in.u8();
        return switch (tag) {
            case OWNED_TAG -> new Owned(in.varint());
            case MIRRORED_TAG -> new Mirrored(in.varint(), in.text());
            default -> throw new TarnException(ErrorCode.CORRUPT, "damaged directory key: tag " + tag);
        };
    }
}
