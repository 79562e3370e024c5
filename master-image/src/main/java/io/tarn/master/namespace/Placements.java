package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import java.util.HashMap;
import java.util.Map;

/** Where owned files are to be, found from the file upwards; directories are remembered until they are to be looked at anew. For one thread at a time. */
final class Placements {
    private final Map<DirectoryKey, Inherited> known = new HashMap<>();

    /** Directories may have changed. */
    void forget() {
        known.clear();
    }

    Placement of(Inode file, NamespaceView view) {
        return below(file.parent(), view).with(file.extendedAttributes()).placement();
    }

    private Inherited below(DirectoryKey directory, NamespaceView view) {
        Inherited found = known.get(directory);
        if (found == null) {
            found = switch (directory) {
                case DirectoryKey.Owned owned -> below(owned, view);
                case DirectoryKey.Mirrored mirrored -> below(mirrored, view);
            };
            known.put(directory, found);
        }
        return found;
    }

    private Inherited below(DirectoryKey.Owned directory, NamespaceView view) {
        Inode inode = view.inode(directory.inodeId());
        if (inode == null) {
            return Inherited.NONE;
        }
        Inherited above = inode.id() == Inode.ROOT_ID ? Inherited.NONE : below(inode.parent(), view);
        return above.with(inode.extendedAttributes());
    }

    private Inherited below(DirectoryKey.Mirrored directory, NamespaceView view) {
        String path = directory.path();
        if (path.isEmpty()) {
            MountEntry mount = view.mount(directory.mountId());
            Inode point = mount == null ? null : view.inode(mount.inodeId());
            return point == null ? Inherited.NONE : Inherited.NONE.with(point.extendedAttributes());
        }
        DirectoryKey above =
                new DirectoryKey.Mirrored(directory.mountId(), path.substring(0, Math.max(0, path.lastIndexOf('/'))));
        return below(above, view).with(view.overlay(directory.mountId(), path).extendedAttributes());
    }
}
