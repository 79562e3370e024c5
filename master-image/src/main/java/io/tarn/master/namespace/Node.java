package io.tarn.master.namespace;

import io.tarn.master.mirror.MirrorRow;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.Overlay;

/** What a path leads to. Immutable. */
sealed interface Node {
    String owner();

    String group();

    int mode();

    boolean isDirectory();

    /** Where the children of this directory hang. */
    DirectoryKey directoryKey();

    /** Journaled: made through Tarn, or a mount point. */
    record OwnedNode(Inode inode) implements Node {
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
        public DirectoryKey directoryKey() {
            return inode.directoryKey();
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
        public DirectoryKey directoryKey() {
            return new DirectoryKey.Mirrored(mount.id(), path);
        }
    }
}
