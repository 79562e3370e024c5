package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Overlay;
import io.tarn.master.record.Record;
import io.tarn.master.work.PathLocks;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes owned directories in their store, and lets go of those of which nothing that is owned is left. Safe for many threads; waits for stores.
 */
final class DirectoryPersisting {
    private final NamespaceParts parts;
    private final Mutations mutations;

    DirectoryPersisting(NamespaceParts parts, Mutations mutations) {
        this.parts = parts;
        this.mutations = mutations;
    }

    /**
     * Makes a directory and those above it in their store, as far as they are owned and not there yet. It is noted before that something of them may be there:
     * where this fails, or is cut off, they may have been made, and would outlast their deletion. The caller holds a path at or below it.
     */
    void ensure(MountPlace directory) throws TarnException {
        List<Located> missing = missing(directory);
        if (missing.isEmpty()) {
            return;
        }
        long now = Math.max(1, parts.clock().millis());
        mutations.step((view, records) -> {
            for (Located each : missing) {
                Inode inode = view.inode(each.inode().id());
                if (inode == null) {
                    throw MissingDirectories.mountsChanged();
                }
                records.accept(new Record.DirectoryPersisted(inode.id(), now));
            }
            return true;
        });
        UnderStore store = parts.mirror().stores().of(directory.mount());
        store.createDirectory(missing.getLast().place().path());
        for (Located each : missing) {
            keepAttributes(store, each);
        }
    }

    /** Makes one directory in its store. */
    void persist(Located directory) throws TarnException {
        try (PathLocks.Held held = parts.locks().hold(List.of(directory.place().inNamespace()))) {
            if (isUndisturbed(new NamespaceView(parts.store()), directory)) {
                ensure(directory.place());
            }
        }
    }

    /**
     * Hands a directory over to its store, where nothing owned is in it and nobody is at work there. Where it could not be made before, it is made now.
     *
     * @return whether that has happened
     */
    boolean settle(Located directory) throws TarnException {
        MountPlace place = directory.place();
        try (PathLocks.Held held = parts.locks().tryHold(List.of(place.inNamespace()))) {
            if (held == null || !isUndisturbed(new NamespaceView(parts.store()), directory)) {
                return false;
            }
            parts.mirror().stores().of(place.mount()).createDirectory(place.path());
            if (!maySettle(new NamespaceView(parts.store()), directory)) {
                return false;
            }
            Overlay overlay = overlay(directory);
            return mutations.step((view, records) -> {
                if (!maySettle(view, directory)) {
                    return false;
                }
                records.accept(new Record.DirectorySettled(
                        directory.inode().id(), place.mount().id(), place.path(), overlay));
                return true;
            });
        }
    }

    /** Whether nothing owned is left of a directory. */
    static boolean isSettled(NamespaceView view, Inode directory) {
        return directory.inStore()
                && !view.hasOwnedChildren(directory.directoryKey())
                && !view.hasPendingChildren(directory.directoryKey());
    }

    private boolean maySettle(NamespaceView view, Located directory) {
        Located now = directory.in(view, parts.mountTables());
        return now != null && isSettled(view, now.inode()) && isUndisturbed(view, directory);
    }

    private boolean isUndisturbed(NamespaceView view, Located directory) {
        return directory.standsIn(view, parts.mountTables()) && !Leftovers.othersAround(view, directory.place(), 0);
    }

    private List<Located> missing(MountPlace directory) throws TarnException {
        List<Located> missing = new ArrayList<>();
        if (directory.path().isEmpty()) {
            return missing;
        }
        NamespaceView view = new NamespaceView(parts.store());
        DirectoryKey key = new DirectoryKey.Mirrored(directory.mount().id(), "");
        MountPlace at = new MountPlace(directory.mount(), "");
        for (String name : directory.path().split("/")) {
            at = at.child(name);
            Inode inode = view.child(key, name);
            if (inode != null && (!inode.directory() || inode.isMountPoint())) {
                throw MissingDirectories.mountsChanged();
            }
            if (inode != null && !inode.inStore()) {
                missing.add(new Located(inode, at));
            }
            key = inode == null ? at.key() : inode.directoryKey();
        }
        return missing;
    }

    private void keepAttributes(UnderStore store, Located directory) throws TarnException {
        String path = directory.place().path();
        Inode inode = directory.inode();
        StoreStatus kept = KeptCreator.of(store, path, inode.owner(), inode.group(), inode.mode())
                .status();
        StoreStatus shown = kept != null ? kept : StoreStatus.directory(path, inode.modifiedMillis());
        parts.mirror().put(directory.place().mount().id(), shown);
    }

    /** What the store does not keep of a directory; what it does is seen. */
    private Overlay overlay(Located directory) throws TarnException {
        Located now = directory.in(new NamespaceView(parts.store()), parts.mountTables());
        Inode inode = (now == null ? directory : now).inode();
        MountPlace place = directory.place();
        UnderStore store = parts.mirror().stores().of(place.mount());
        KeptCreator kept = KeptCreator.of(store, place.path(), inode.owner(), inode.group(), inode.mode());
        StoreStatus status = kept.status();
        if (status != null) {
            parts.mirror().put(place.mount().id(), status);
        } else if (!store.capabilities().keepsOwnerAndMode()) {
            parts.mirror().put(place.mount().id(), StoreStatus.directory(place.path(), inode.modifiedMillis()));
        }
        return kept.overlay().with(inode.extendedAttributes());
    }
}
