package io.tarn.master.record;

import com.google.protobuf.ByteString;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import java.util.List;
import java.util.Map;

/**
 * An owned file or directory. Immutable.
 *
 * @param parent with {@code name}: where it hangs, or will hang once complete
 * @param mode POSIX permission bits, at most 07777
 * @param versionNumber counts the contents of a file, from 1; 0 for directories
 * @param complete false while its writer writes; always true for directories
 * @param holders ids of the workers that hold the only copies of its data
 * @param mountId the mount whose root stands here; 0 = none
 * @param inStore a directory within a mount: something of it may be in the store
 * @param storeTag a file within a mount: the version that it replaced and the store holds under its name, as known when it was begun or completed; "" =
 *     none; {@link #UNKNOWN_TAG}
 * @param extendedAttributes by full name, for instance "user.origin"
 */
public record Inode(
        long id,
        DirectoryKey parent,
        String name,
        boolean directory,
        String owner,
        String group,
        int mode,
        long createdMillis,
        long modifiedMillis,
        long accessedMillis,
        long lengthBytes,
        long blockSizeBytes,
        long versionNumber,
        boolean complete,
        List<Long> holders,
        long mountId,
        boolean inStore,
        String storeTag,
        Map<String, ByteString> extendedAttributes) {
    /** The root of the namespace. */
    public static final long ROOT_ID = 1;

    /** The extended attribute that holds a time to live. */
    public static final String TTL = "tarn.ttl";

    /** The extended attribute that makes a file a symbolic link: where it leads. */
    public static final String LINK = "tarn.link";

    /** Of what is in the store under the file's name, whatever version it is, Tarn itself may have put it there. No store gives such a version. */
    public static final String UNKNOWN_TAG = "*";

    private static final int ENCODING = 1;

    /** An empty directory that is no mount point. */
    public static Inode newDirectory(
            long id, DirectoryKey parent, String name, String owner, String group, int mode, long nowMillis) {
        return new Inode(
                id, parent, name, true, owner, group, mode, nowMillis, nowMillis, nowMillis, 0, 0, 0, true, List.of(),
                0, false, "", Map.of());
    }

    /** A file whose writer has just begun. */
    public static Inode newFile(
            long id,
            DirectoryKey parent,
            String name,
            String owner,
            String group,
            int mode,
            long nowMillis,
            long blockSizeBytes,
            List<Long> holders) {
        return new Inode(
                id,
                parent,
                name,
                false,
                owner,
                group,
                mode,
                nowMillis,
                nowMillis,
                nowMillis,
                0,
                blockSizeBytes,
                1,
                false,
                holders,
                0,
                false,
                "",
                Map.of());
    }

    public FileVersion version() {
        return FileVersion.owned(id, versionNumber);
    }

    public boolean isLink() {
        return extendedAttributes.containsKey(LINK);
    }

    public boolean isMountPoint() {
        return mountId != 0;
    }

    /** Where the children of this directory hang. */
    public DirectoryKey directoryKey() {
        return mountId == 0 ? new DirectoryKey.Owned(id) : new DirectoryKey.Mirrored(mountId, "");
    }

    public Inode sealed(long newLengthBytes, long newModifiedMillis, List<Long> newHolders, String newStoreTag) {
        Copy copy = new Copy(this);
        copy.lengthBytes = newLengthBytes;
        copy.modifiedMillis = newModifiedMillis;
        copy.accessedMillis = newModifiedMillis;
        copy.complete = true;
        copy.holders = newHolders;
        copy.storeTag = newStoreTag;
        return copy.toInode();
    }

    public Inode movedTo(DirectoryKey newParent, String newName) {
        Copy copy = new Copy(this);
        copy.parent = newParent;
        copy.name = newName;
        return copy.toInode();
    }

    public Inode modifiedAt(long newModifiedMillis) {
        Copy copy = new Copy(this);
        copy.modifiedMillis = newModifiedMillis;
        return copy.toInode();
    }

    public Inode withMount(long newMountId) {
        Copy copy = new Copy(this);
        copy.mountId = newMountId;
        return copy.toInode();
    }

    /** What the store holds of it, where it stands now. */
    public Inode withStore(boolean newInStore, String newStoreTag) {
        Copy copy = new Copy(this);
        copy.inStore = newInStore;
        copy.storeTag = newStoreTag;
        return copy.toInode();
    }

    /** Something of Tarn's may be in the store under the name of this file. */
    public Inode withUnknownInStore() {
        return withStore(inStore, UNKNOWN_TAG);
    }

    public Inode heldBy(List<Long> newHolders) {
        Copy copy = new Copy(this);
        copy.holders = newHolders;
        return copy.toInode();
    }

    public Inode withExtendedAttributes(Map<String, ByteString> newExtendedAttributes) {
        return withAttributes(owner, group, mode, modifiedMillis, accessedMillis, newExtendedAttributes);
    }

    public Inode withAttributes(
            String newOwner,
            String newGroup,
            int newMode,
            long newModifiedMillis,
            long newAccessedMillis,
            Map<String, ByteString> newExtendedAttributes) {
        Copy copy = new Copy(this);
        copy.owner = newOwner;
        copy.group = newGroup;
        copy.mode = newMode;
        copy.modifiedMillis = newModifiedMillis;
        copy.accessedMillis = newAccessedMillis;
        copy.extendedAttributes = newExtendedAttributes;
        return copy.toInode();
    }

    public byte[] encode() {
        FieldWriter out = new FieldWriter();
        write(out);
        return out.toBytes();
    }

    void write(FieldWriter out) {
        out.u8(ENCODING).varint(id);
        parent.write(out);
        out.text(name).flag(directory).text(owner).text(group).varint(mode);
        out.varint(createdMillis).varint(modifiedMillis).varint(accessedMillis);
        out.varint(lengthBytes).varint(blockSizeBytes).varint(versionNumber).flag(complete);
        out.varints(holders).varint(mountId).flag(inStore).text(storeTag).attributes(extendedAttributes);
    }

    static Inode read(FieldReader in) throws TarnException {
        in.version(ENCODING, "an inode");
        return new Inode(
                in.varint(),
                DirectoryKey.read(in),
                in.text(),
                in.flag(),
                in.text(),
                in.text(),
                (int) in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.flag(),
                in.varints(),
                in.varint(),
                in.flag(),
                in.text(),
                in.attributes());
    }

    /** All of an inode, to change a part of it. For one thread. */
    private static final class Copy {
        private final Inode from;
        private DirectoryKey parent;
        private String name;
        private String owner;
        private String group;
        private int mode;
        private long modifiedMillis;
        private long accessedMillis;
        private long lengthBytes;
        private boolean complete;
        private List<Long> holders;
        private long mountId;
        private boolean inStore;
        private String storeTag;
        private Map<String, ByteString> extendedAttributes;

        Copy(Inode from) {
            this.from = from;
            parent = from.parent;
            name = from.name;
            owner = from.owner;
            group = from.group;
            mode = from.mode;
            modifiedMillis = from.modifiedMillis;
            accessedMillis = from.accessedMillis;
            lengthBytes = from.lengthBytes;
            complete = from.complete;
            holders = from.holders;
            mountId = from.mountId;
            inStore = from.inStore;
            storeTag = from.storeTag;
            extendedAttributes = from.extendedAttributes;
        }

        Inode toInode() {
            return new Inode(
                    from.id,
                    parent,
                    name,
                    from.directory,
                    owner,
                    group,
                    mode,
                    from.createdMillis,
                    modifiedMillis,
                    accessedMillis,
                    lengthBytes,
                    from.blockSizeBytes,
                    from.versionNumber,
                    complete,
                    holders,
                    mountId,
                    inStore,
                    storeTag,
                    extendedAttributes);
        }
    }
}
