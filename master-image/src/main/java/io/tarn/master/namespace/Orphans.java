package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.id.FileVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Versions of owned data that a worker holds for no file any more, since it was away when that was deleted, or when others were given the file. Safe for many threads. */
final class Orphans {
    private final NamespaceParts parts;

    Orphans(NamespaceParts parts) {
        this.parts = parts;
    }

    /**
     * Those of the versions that serve nobody. An id that this state never gave is not judged: the state may be the one that is wrong. The worker is registered already, so
     * that whoever makes it a holder meanwhile sees that it has come anew; what is found is looked at again in the leader's turn.
     */
    CompletableFuture<List<FileVersion>> of(long workerId, List<FileVersion> held) {
        NamespaceView committed = new NamespaceView(parts.store());
        List<FileVersion> found = held.stream()
                .filter(version -> isOrphaned(committed, version, workerId))
                .toList();
        return found.isEmpty()
                ? CompletableFuture.completedFuture(found)
                : parts.leader().submit((state, records) -> {
                    NamespaceView view = new NamespaceView(state);
                    return found.stream()
                            .filter(version -> isOrphaned(view, version, workerId))
                            .toList();
                });
    }

    private static boolean isOrphaned(NamespaceView view, FileVersion version, long workerId) {
        if (version.isMirrored() || version.high() >= view.nextId()) {
            return false;
        }
        Inode inode = view.inode(version.high());
        return inode == null
                || inode.versionNumber() != version.low()
                || (inode.complete() && !inode.holders().contains(workerId));
    }
}
