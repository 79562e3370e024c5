package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/** A file being written: its inode, and the client that writes it. */
public record PendingFile(long inodeId, long clientId, String user) {
    private static final int ENCODING = 1;

    public byte[] encode() {
        return new FieldWriter()
                .u8(ENCODING)
                .varint(inodeId)
                .fixed64(clientId)
                .text(user)
                .toBytes();
    }

    static PendingFile read(FieldReader in) throws TarnException {
        in.version(ENCODING, "a pending file");
        return new PendingFile(in.varint(), in.fixed64(), in.text());
    }
}
