package io.tarn.master.record;

import io.tarn.protocol.error.TarnException;

/**
 * A rename within a mounted store that is under way.
 *
 * @param source below the mount's root
 * @param directory whether a directory is renamed
 * @param byCopies the store has no rename: copy, flip, delete
 * @param replaces a file at the target is replaced
 * @param sourceTag the version of the source file; "" for a directory
 * @param flipped by copies only: the target is what readers see
 */
public record StoreRename(
        long mountId,
        String source,
        String target,
        boolean directory,
        boolean byCopies,
        boolean replaces,
        String sourceTag,
        boolean flipped,
        CallKey call) {
    private static final int ENCODING = 1;

    public StoreRename asFlipped() {
        return new StoreRename(mountId, source, target, directory, byCopies, replaces, sourceTag, true, call);
    }

    public byte[] encode() {
        FieldWriter out = new FieldWriter();
        write(out);
        return out.toBytes();
    }

    void write(FieldWriter out) {
        out.u8(ENCODING)
                .varint(mountId)
                .text(source)
                .text(target)
                .flag(directory)
                .flag(byCopies);
        out.flag(replaces).text(sourceTag).flag(flipped);
        call.write(out);
    }

    static StoreRename read(FieldReader in) throws TarnException {
        in.version(ENCODING, "a rename");
        return new StoreRename(
                in.varint(),
                in.text(),
                in.text(),
                in.flag(),
                in.flag(),
                in.flag(),
                in.text(),
                in.flag(),
                CallKey.read(in));
    }
}
