package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * That an owned inode is to be persisted.
 *
 * @param dueMillis not before then
 * @param sinceMillis when it began to wait
 */
public record Unpersisted(long dueMillis, long sinceMillis) {
    private static final int ENCODING = 1;

    public byte[] encode() {
        return new FieldWriter(20)
                .u8(ENCODING)
                .varint(dueMillis)
                .varint(sinceMillis)
                .toBytes();
    }

    static Unpersisted read(FieldReader in) throws TarnException {
        in.version(ENCODING, "an unpersisted inode");
        return new Unpersisted(in.varint(), in.varint());
    }
}
