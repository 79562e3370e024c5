package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.Overlay;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a path leads to. Immutable. */
sealed interface Node {
    String owner();

    String group();

    int mode();

    boolean isDirectory();

    long lengthBytes();

    /** Where the owned children of this directory hang. */
    DirectoryKey directoryKey();

    /** Where it stands in a mount; null: in none. The place of a mount point is the root of its mount. */
    @Nullable
    MountPlace place();

    /** Where a store may hold children of this directory; null: none does. */
    @Nullable
    MountPlace storePlace();

    Map<String, ByteString> extendedAttributes();

    default Directory asDirectory() {
        return new Directory(directoryKey(), place(), storePlace());
    }

    /** Journaled: made through Tarn, or a mount point. */
    record OwnedNode(Inode inode, @Nullable MountPlace place) implements Node {
        @Override
        public String owner() {
            return inode.owner();
        }

        @Override
        public String group() {
            return inode.group();
        }

        @Override
        public int mode() {
            return inode.mode();
        }

        @Override
        public boolean isDirectory() {
            return inode.directory();
        }

        @Override
        public long lengthBytes() {
            return inode.lengthBytes();
        }

        @Override
        public DirectoryKey directoryKey() {
            return inode.directoryKey();
        }

        @Override
        public @Nullable MountPlace storePlace() {
            return inode.inStore() || inode.isMountPoint() ? place : null;
        }

        @Override
        public Map<String, ByteString> extendedAttributes() {
            return inode.extendedAttributes();
        }
    }

    /**
     * What a mounted store holds.
     *
     * @param path below the mount's root
     * @param owner the overlay's, else the store's, else the mount's word; so are group and mode
     */
    record MirroredNode(
            MountEntry mount, String path, MirrorRow row, Overlay overlay, String owner, String group, int mode)
            implements Node {
        @Override
        public boolean isDirectory() {
            return row.directory();
        }

        @Override
        public long lengthBytes() {
            return row.lengthBytes();
        }

        @Override
        public DirectoryKey directoryKey() {
            return new DirectoryKey.Mirrored(mount.id(), path);
        }

        @Override
        public MountPlace place() {
            return new MountPlace(mount, path);
        }

        @Override
        public MountPlace storePlace() {
            return place();
        }

        @Override
        public Map<String, ByteString> extendedAttributes() {
            return overlay.extendedAttributes();
        }
    }
}
