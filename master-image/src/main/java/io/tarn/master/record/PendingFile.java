package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * A file being written: its inode, and the client that writes it.
 *
 * @param through it goes to its final place in the store at once; such a file hangs below the mirrored key of its directory, whoever owns that
 * @param copies how many of the inode's holders have what was flushed
 * @param persistAfterMillis how long after completion it is due to be persisted; {@link #NEVER}: only when asked
 */
public record PendingFile(
        long inodeId, long clientId, String user, boolean through, long persistAfterMillis, int copies) {
    public static final long NEVER = -1;

    private static final int ENCODING = 2;

    public byte[] encode() {
        FieldWriter out = new FieldWriter();
        write(out);
        return out.toBytes();
    }

    void write(FieldWriter out) {
        out.u8(ENCODING).varint(inodeId).fixed64(clientId).text(user);
        out.flag(through).varint(persistAfterMillis + 1).varint(copies);
    }

    static PendingFile read(FieldReader in) throws TarnException {
        int version = in.version(ENCODING, "a pending file");
        return new PendingFile(
                in.varint(), in.fixed64(), in.text(), in.flag(), in.varint() - 1, version < 2 ? 1 : (int) in.varint());
    }
}
