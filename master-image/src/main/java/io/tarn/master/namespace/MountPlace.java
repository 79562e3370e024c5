package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.MountEntry;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a mount, and so in its store. Immutable.
 *
 * @param path below the mount's root; "" is the root
 */
record MountPlace(MountEntry mount, String path) {
    /** The place of a path, or null where it is in no mount. */
    static @Nullable MountPlace of(MountTable mounts, TarnPath path) {
        MountEntry mount = mounts.covering(path);
        return mount == null ? null : new MountPlace(mount, path.relativeTo(MountTable.pathOf(mount)));
    }

    MountPlace child(String name) {
        return new MountPlace(mount, path.isEmpty() ? name : path + "/" + name);
    }

    /** The last name of its path. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The directory above; that of the root is the root. */
    MountPlace parent() {
        return new MountPlace(mount, path.substring(0, Math.max(0, path.lastIndexOf('/'))));
    }

    /** Where children hang of which the namespace has no directory of its own. */
    DirectoryKey.Mirrored key() {
        return new DirectoryKey.Mirrored(mount.id(), path);
    }

    /** Where it is seen. */
    TarnPath inNamespace() {
        String top = mount.path().equals("/") ? "" : mount.path();
        try {
            return TarnPath.parse(path.isEmpty() ? mount.path() : top + "/" + path);
        } catch (TarnException e) {
            throw new IllegalStateException("damaged state: " + path + " of " + mount, e);
        }
    }

    @Override
    public String toString() {
        return mount.path() + "/" + path;
    }
}
