package io.tarn.master;

import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.StateReader;
import io.tarn.protocol.id.FileVersion;
import java.util.function.Predicate;

/**
 * Whether no file has a version of owned data any more. An id that this state never gave is not judged: the state may be the one that is wrong. Safe for many
 * threads.
 */
final class OrphanCheck implements Predicate<FileVersion> {
    private final NamespaceView view;

    OrphanCheck(StateReader committed) {
        this.view = new NamespaceView(committed);
    }

    @Override
    public boolean test(FileVersion version) {
        if (version.isMirrored() || version.high() >= view.nextId()) {
            return false;
        }
        Inode inode = view.inode(version.high());
        return inode == null || inode.versionNumber() != version.low();
    }
}
