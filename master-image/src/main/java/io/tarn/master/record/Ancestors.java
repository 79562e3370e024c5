package io.tarn.master.record;

import java.util.ArrayList;
import java.util.List;

/**
 * The directories above something owned, by what hangs where: what stands at a place of a store does not matter, so an entry has the same ancestors when a
 * directory above it has become the store's. Stateless.
 */
public final class Ancestors {
    private Ancestors() {}

    /**
     * A directory and those above it, nearest first; the root of a mount goes by the key of its mount point. None where it is in a tree that is deleted.
     */
    public static List<DirectoryKey> atAndAbove(NamespaceView view, DirectoryKey directory) {
        List<DirectoryKey> keys = new ArrayList<>();
        DirectoryKey at = directory;
        while (true) {
            if (at instanceof DirectoryKey.Mirrored mirrored) {
                MountEntry mount = view.mount(mirrored.mountId());
                if (mount == null) {
                    return List.of();
                }
                for (String path = mirrored.path(); !path.isEmpty(); path = above(path)) {
                    keys.add(new DirectoryKey.Mirrored(mount.id(), path));
                }
                at = new DirectoryKey.Owned(mount.inodeId());
            } else if (at instanceof DirectoryKey.Owned owned) {
                Inode inode = view.inode(owned.inodeId());
                if (inode == null) {
                    return List.of();
                }
                keys.add(owned);
                if (inode.id() == Inode.ROOT_ID) {
                    return keys;
                }
                if (view.childId(inode.parent(), inode.name()) != inode.id()) {
                    return List.of();
                }
                at = inode.parent();
            }
        }
    }

    private static String above(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
