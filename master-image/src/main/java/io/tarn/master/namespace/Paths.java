package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** From an owned inode back to its path. Stateless. */
final class Paths {
    private Paths() {}

    /** The path of an inode, or null where it hangs in a tree that is deleted. */
    static @Nullable String of(Inode inode, NamespaceView view) {
        Deque<String> names = new ArrayDeque<>();
        Inode current = inode;
        while (current.id() != Inode.ROOT_ID) {
            if (current != inode && view.childId(current.parent(), current.name()) != current.id()) {
                return null;
            }
            names.addFirst(current.name());
            switch (current.parent()) {
                case DirectoryKey.Owned owned -> {
                    Inode parent = view.inode(owned.inodeId());
                    if (parent == null) {
                        return null;
                    }
                    current = parent;
                }
                case DirectoryKey.Mirrored mirrored -> {
                    MountEntry mount = view.mount(mirrored.mountId());
                    if (mount == null) {
                        return null;
                    }
                    String top = mount.path().equals("/") ? "" : mount.path();
                    String between = mirrored.path().isEmpty() ? "" : "/" + mirrored.path();
                    return top + between + "/" + String.join("/", names);
                }
            }
        }
        return "/" + String.join("/", names);
    }
}
