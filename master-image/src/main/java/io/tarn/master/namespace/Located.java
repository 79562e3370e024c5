package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import org.jspecify.annotations.Nullable;

/** An owned, complete inode of a mount, where it stands in one state. Immutable. */
record Located(Inode inode, MountPlace place) {
    /** Null where the inode is gone, detached, or in no mount. */
    static @Nullable Located find(NamespaceView view, MountTables mounts, long inodeId) {
        Inode inode = view.inode(inodeId);
        if (inode == null || !inode.complete() || view.childId(inode.parent(), inode.name()) != inodeId) {
            return null;
        }
        String path = Paths.of(inode, view);
        if (path == null) {
            return null;
        }
        try {
            MountPlace place = MountPlace.of(mounts.of(view), TarnPath.parse(path));
            return place == null ? null : new Located(inode, place);
        } catch (TarnException e) {
            throw new IllegalStateException("damaged state: the path of inode " + inodeId, e);
        }
    }

    /** The same inode in another state; null as of {@link #find}. */
    @Nullable
    Located in(NamespaceView view, MountTables mounts) {
        return find(view, mounts, inode.id());
    }

    /** Whether it stands in the same place with the same content in another state. */
    boolean standsIn(NamespaceView view, MountTables mounts) {
        return standsWhere(in(view, mounts));
    }

    boolean standsWhere(@Nullable Located other) {
        return other != null
                && other.inode.id() == inode.id()
                && other.inode.versionNumber() == inode.versionNumber()
                && other.place.equals(place);
    }
}
