package io.tarn.master.namespace;

import io.tarn.master.mirror.Mirror;
import io.tarn.master.record.MountEntry;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StorePaths;
import io.tarn.understore.UnderStore;

/**
 * In a store without real directories one is there only while something lies below it, be it a marker. What Tarn removes must not take the directory along
 * in which it lay. Stateless; waits for the store.
 */
final class StoreParents {
    private StoreParents() {}

    /** Once nothing is at a path any more, and the mirror knows that. The caller holds the path. */
    static void keep(Mirror mirror, MountEntry mount, String path) throws TarnException {
        UnderStore store = mirror.stores().of(mount);
        String parent = StorePaths.parent(path);
        if (store.capabilities().realDirectories() || parent.isEmpty() || mirror.hasChildren(mount.id(), parent)) {
            return;
        }
        try {
            store.createDirectory(parent);
            // After a crash in between it was not there for a while, and somebody may have looked.
            mirror.forgetAbsence(mount.id(), parent);
        } catch (TarnException e) {
            if (e.code() != ErrorCode.ALREADY_EXISTS) { // others have made a file of it
                throw e;
            }
        }
    }
}
