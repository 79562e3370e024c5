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
 * @param targetParent where the target hangs
 * @param movedInodeId the owned directory that moves with it; 0 = the source is the store's alone
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
        DirectoryKey targetParent,
        long movedInodeId,
        boolean flipped,
        CallKey call) {
    private static final int ENCODING = 1;

    public StoreRename asFlipped() {
        return new StoreRename(
                mountId,
                source,
                target,
                directory,
                byCopies,
                replaces,
                sourceTag,
                targetParent,
                movedInodeId,
                true,
                call);
    }

    /** The same in a store that renames, or not. By copies, an empty directory at the target is hidden with what is copied there. */
    public StoreRename inStore(boolean copies) {
        boolean stillReplaces = replaces && !(copies && directory);
        return new StoreRename(
                mountId,
                source,
                target,
                directory,
                copies,
                stillReplaces,
                sourceTag,
                targetParent,
                movedInodeId,
                false,
                call);
    }

    public String targetName() {
        return target.substring(target.lastIndexOf('/') + 1);
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
        out.flag(replaces).text(sourceTag);
        targetParent.write(out);
        out.varint(movedInodeId).flag(flipped);
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
                DirectoryKey.read(in),
                in.varint(),
                in.flag(),
                CallKey.read(in));
    }
}
