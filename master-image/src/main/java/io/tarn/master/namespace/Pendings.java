package io.tarn.master.namespace;

import io.tarn.master.mirror.Mirror;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import org.jspecify.annotations.Nullable;

/** Files being written, where they are looked for: what goes through to a store hangs below the place of its directory, whoever owns that. Stateless. */
final class Pendings {
    private Pendings() {}

    /** What is being written under a name of a directory. */
    static @Nullable PendingFile at(NamespaceView view, Node directory, String name) {
        return at(view, directory.directoryKey(), directory.place(), name);
    }

    static @Nullable PendingFile at(NamespaceView view, DirectoryKey key, @Nullable MountPlace place, String name) {
        PendingFile pending = view.pending(key, name);
        if (pending != null || place == null || key instanceof DirectoryKey.Mirrored) {
            return pending;
        }
        return view.pending(place.key(), name);
    }

    /** The store may hold what was written through to it and has been given up. */
    static void lookAgain(Inode inode, Mirror mirror) {
        if (inode.parent() instanceof DirectoryKey.Mirrored directory) {
            mirror.forget(directory.mountId(), directory.childPath(inode.name()));
        }
    }

    /** The row of an inode that is being written; null where it is not any more. */
    static @Nullable PendingFile of(Inode inode, NamespaceView view) {
        PendingFile pending = view.pending(inode.parent(), inode.name());
        return pending != null && pending.inodeId() == inode.id() ? pending : null;
    }
}
