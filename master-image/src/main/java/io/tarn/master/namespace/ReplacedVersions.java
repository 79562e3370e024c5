package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.understore.StoreStatus;
import org.jspecify.annotations.Nullable;

/** Versions in a store that are known to be replaced by owned files that have not got there yet: nobody is to see them again. Stateless. */
final class ReplacedVersions {
    private ReplacedVersions() {}

    /** Whether a file of a store is such a version. */
    static boolean contain(NamespaceView view, MountEntry mount, StoreStatus file) {
        if (view.figures(mount.id()).edges() == 0) {
            return false;
        }
        Inode there = ownedAt(view, mount, file.path());
        return there != null && !there.directory() && there.storeTag().equals(file.versionTag());
    }

    private static @Nullable Inode ownedAt(NamespaceView view, MountEntry mount, String path) {
        DirectoryKey key = new DirectoryKey.Mirrored(mount.id(), "");
        MountPlace at = new MountPlace(mount, "");
        Inode inode = null;
        for (String name : path.split("/")) {
            at = at.child(name);
            inode = view.child(key, name);
            key = inode == null ? at.key() : inode.directoryKey();
        }
        return inode;
    }
}
