package io.tarn.master.namespace;

import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Copies on workers that should not have them, and files that leave those. Safe for many threads. */
final class MisplacedCopies {
    private final NamespaceParts parts;
    private final CopyNeeds needs;
    private final Holders holders;
    private final FilesToLookAt again;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

    MisplacedCopies(NamespaceParts parts, CopyNeeds needs, Holders holders, FilesToLookAt again) {
        this.parts = parts;
        this.needs = needs;
        this.holders = holders;
        this.again = again;
    }

    boolean isUnderWay(long inodeId) {
        return underWay.contains(inodeId);
    }

    boolean anyUnderWay() {
        return !underWay.isEmpty();
    }

    /** Has the file leave workers that it should not be on. @return false while it is not on enough others */
    boolean letGo(Inode inode, CopyNeeds.Need need) {
        if (!needs.isHeldWithout(need.misplaced(), inode, need.wanted())) {
            return false;
        }
        underWay.add(inode.id());
        parts.leader()
                .submit((state, records) -> {
                    NamespaceView view = new NamespaceView(state);
                    Inode current = view.inode(inode.id());
                    if (current == null
                            || !current.complete()
                            || !current.holders().equals(inode.holders())
                            || !needs.isHeldWithout(need.misplaced(), current, need.wanted())
                            || view.isDetached(inode.id())
                            || holders.isBeingPersisted(current, view)) {
                        return List.<Long>of();
                    }
                    List<Long> kept = new ArrayList<>(current.holders());
                    kept.removeAll(need.misplaced());
                    records.accept(new Record.HoldersChanged(inode.id(), kept));
                    return need.misplaced();
                })
                .whenComplete((left, failure) -> {
                    if (failure == null) {
                        parts.workers().delete(inode.version(), left);
                    }
                    underWay.remove(inode.id());
                    if (failure != null || left.isEmpty()) {
                        again.lookAt(inode.id());
                    }
                });
        return true;
    }
}
