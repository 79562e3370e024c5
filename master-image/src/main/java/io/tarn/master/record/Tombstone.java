package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * Hides a path of a mounted store, with all below it, until the store no longer holds it.
 *
 * @param reason why it is hidden, which says what finds it after a crash has to do
 * @param directory what it hides
 * @param recursive whether a directory is to be deleted with all below it
 * @param versionTag the version of a file that is to be deleted; another one found there stays
 * @param owed the deletion was acknowledged: it is tried again until the store has done it
 * @param call the call that asked for it
 */
public record Tombstone(
        Reason reason, boolean directory, boolean recursive, String versionTag, boolean owed, CallKey call) {
    private static final int ENCODING = 1;

    /** Why a path is hidden. */
    public enum Reason {
        /** It is being deleted: to be deleted after a crash. */
        DELETE,
        /** It is one side of a rename by copies, whose intent says the rest. */
        RENAME
    }

    public byte[] encode() {
        FieldWriter out = new FieldWriter();
        write(out);
        return out.toBytes();
    }

    void write(FieldWriter out) {
        out.u8(ENCODING)
                .u8(reason.ordinal())
                .flag(directory)
                .flag(recursive)
                .text(versionTag)
                .flag(owed);
        call.write(out);
    }

    static Tombstone read(FieldReader in) throws TarnException {
        in.version(ENCODING, "a tombstone");
        return new Tombstone(
                in.u8() == 0 ? Reason.DELETE : Reason.RENAME,
                in.flag(),
                in.flag(),
                in.text(),
                in.flag(),
                CallKey.read(in));
    }
}
