package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Overlay;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes directories of a path that do not exist yet, owned or in a store. Safe for many threads. */
final class MissingDirectories {
    /** Of directories that come into being on the way to something else. */
    static final int PARENT_MODE = 0755;

    private static final int SET_GROUP_ID = 02000;

    private final NamespaceParts parts;

    MissingDirectories(NamespaceParts parts) {
        this.parts = parts;
    }

    /** The group of what a user makes in a directory. */
    static String groupFor(Node directory, User user) {
        return (directory.mode() & SET_GROUP_ID) != 0 ? directory.group() : user.primaryGroup();
    }

    /**
     * Emits the records that make the names {@code from} to {@code end} of a path below an owned directory. In the leader's thread.
     *
     * @return the last one made, or {@code deepest}
     */
    Node makeOwned(Request request, Walk walk, int end, int mode, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        Node directory = walk.deepest();
        for (int i = walk.found(); i < end; i++) {
            if (i == walk.found()) {
                Permissions.requireChange(directory, request.user(), walk.path().toString());
            }
            if (!(directory.directoryKey() instanceof DirectoryKey.Owned parent)) {
                throw mountsChanged();
            }
            Inode made = Inode.newDirectory(
                    parts.ids().next(view, records),
                    parent,
                    walk.path().names().get(i),
                    request.user().name(),
                    groupFor(directory, request.user()),
                    mode,
                    request.startMillis());
            records.accept(new Record.DirectoryCreated(made));
            directory = new Node.OwnedNode(made);
        }
        return directory;
    }

    /**
     * Makes the names up to {@code end} of a path in the store of {@code mount}, and notes their creator. Waits for the store.
     *
     * @return what has to be recorded with it: owner and mode, where the store cannot hold them
     */
    List<Record> makeInStore(Request request, Walk walk, int end, MountEntry mount, int mode) throws TarnException {
        Permissions.requireChange(walk.deepest(), request.user(), walk.path().toString());
        if (!(walk.deepest().directoryKey() instanceof DirectoryKey.Mirrored parent)) {
            throw mountsChanged();
        }
        UnderStore store = parts.mirror().stores().of(mount);
        List<String> made = new ArrayList<>();
        String place = parent.path();
        for (int i = walk.found(); i < end; i++) {
            place = new DirectoryKey.Mirrored(mount.id(), place)
                    .childPath(walk.path().names().get(i));
            made.add(place);
        }
        store.createDirectory(place);
        List<Record> records = new ArrayList<>();
        String group = groupFor(walk.deepest(), request.user());
        for (String directory : made) {
            Overlay overlay = keepCreator(store, directory, request.user().name(), group, mode);
            if (!overlay.isNone()) {
                records.add(new Record.OverlayChanged(mount.id(), directory, overlay));
            }
        }
        return records;
    }

    /** Puts what a store shows of new directories into the mirror. */
    void mirror(MountEntry mount, Walk walk, int end) throws TarnException {
        String place = ((DirectoryKey.Mirrored) walk.deepest().directoryKey()).path();
        for (int i = walk.found(); i < end; i++) {
            place = new DirectoryKey.Mirrored(mount.id(), place)
                    .childPath(walk.path().names().get(i));
            Optional<StoreStatus> status = parts.mirror().stores().of(mount).status(place);
            parts.mirror().put(mount.id(), status.orElse(StoreStatus.directory(place, 0)));
        }
    }

    /** Gives a new entry of a store its owner and mode, and says what of that the store does not keep. */
    static Overlay keepCreator(UnderStore store, String place, String owner, String group, int mode)
            throws TarnException {
        if (!store.capabilities().keepsOwnerAndMode()) {
            return Overlay.ofCreator(owner, group, mode);
        }
        store.setAttributes(place, new StoreAttributes(owner, group, mode, null));
        Optional<StoreStatus> kept = store.status(place);
        if (kept.isEmpty()) {
            return Overlay.NONE;
        }
        StoreStatus status = kept.get();
        return new Overlay(
                owner.equals(status.owner()) ? null : owner,
                group.equals(status.group()) ? null : group,
                status.mode() == mode ? null : (long) mode,
                null,
                null,
                Map.of());
    }

    static TarnException mountsChanged() {
        return new TarnException(ErrorCode.BUSY, "the mounts around this path have just changed; try again", null, 10);
    }
}
