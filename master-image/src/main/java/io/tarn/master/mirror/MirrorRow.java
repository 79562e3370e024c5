package io.tarn.master.mirror;

import io.tarn.master.record.FieldReader;
import io.tarn.master.record.FieldWriter;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a store held at one path when last looked at.
 *
 * @param present false: nothing was there; a directory is then one for what hangs below it only
 * @param mode -1 where the store keeps none
 * @param loadedMillis when the look that gave this began
 * @param childrenLoadedMillis directories: when the last whole listing began; 0 = never
 */
public record MirrorRow(
        boolean present,
        boolean directory,
        long lengthBytes,
        long modifiedMillis,
        String versionTag,
        @Nullable String owner,
        @Nullable String group,
        int mode,
        long loadedMillis,
        long childrenLoadedMillis) {
    private static final int ENCODING = 1;

    /** What a look that began at {@code loadedMillis} saw. */
    public static MirrorRow of(StoreStatus status, long loadedMillis) {
        return new MirrorRow(
                true,
                status.directory(),
                status.lengthBytes(),
                status.modifiedMillis(),
                status.versionTag(),
                status.owner(),
                status.group(),
                status.mode(),
                loadedMillis,
                0);
    }

    /** A directory that the store does not hold, and of which something owned is left. */
    public static MirrorRow lostDirectory() {
        return new MirrorRow(false, true, 0, 0, "", null, null, -1, 0, 0);
    }

    static MirrorRow absent(long loadedMillis) {
        return new MirrorRow(false, false, 0, 0, "", null, null, -1, loadedMillis, 0);
    }

    MirrorRow withChildrenLoaded(long millis) {
        return new MirrorRow(
                present, directory, lengthBytes, modifiedMillis, versionTag, owner, group, mode, loadedMillis, millis);
    }

    /** Whether the store says the same, whenever it was asked. */
    boolean saysTheSame(MirrorRow other) {
        return present == other.present
                && directory == other.directory
                && lengthBytes == other.lengthBytes
                && versionTag.equals(other.versionTag)
                && (directory || modifiedMillis == other.modifiedMillis);
    }

    byte[] encode() {
        FieldWriter out = new FieldWriter(64);
        out.u8(ENCODING).flag(present).flag(directory).varint(lengthBytes).varint(modifiedMillis);
        out.text(versionTag).optionalText(owner).optionalText(group).varint(mode + 1);
        return out.varint(loadedMillis).varint(childrenLoadedMillis).toBytes();
    }

    /** Decodes the value of a row. */
    public static MirrorRow decode(byte[] value) {
        return NamespaceView.decode(value, MirrorRow::read);
    }

    private static MirrorRow read(FieldReader in) throws TarnException {
        in.version(ENCODING, "a row of the mirror");
        return new MirrorRow(
                in.flag(),
                in.flag(),
                in.varint(),
                in.varint(),
                in.text(),
                in.optionalText(),
                in.optionalText(),
                (int) in.varint() - 1,
                in.varint(),
                in.varint());
    }
}
