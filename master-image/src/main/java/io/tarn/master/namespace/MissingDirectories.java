package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.record.Usage;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes directories of a path that do not exist yet, owned or in a store. Safe for many threads. */
final class MissingDirectories {
    /** Of directories that come into being on the way to something else. */
    static final int PARENT_MODE = 0755;

    private static final int SET_GROUP_ID = 02000;

    private final NamespaceParts parts;
    private final Mutations mutations;
    private final DirectoryPersisting persisting;

    MissingDirectories(NamespaceParts parts, Mutations mutations, DirectoryPersisting persisting) {
        this.parts = parts;
        this.mutations = mutations;
        this.persisting = persisting;
    }

    /** The group of what a user makes in a directory. */
    static String groupFor(Node directory, User user) {
        return (directory.mode() & SET_GROUP_ID) != 0 ? directory.group() : user.primaryGroup();
    }

    /**
     * Emits the records that make the names {@code from} to {@code end} of a path owned directories, except those that somebody else has made meanwhile. In
     * the leader's thread.
     *
     * @param persistMillis when those in a mount are to be made in its store; 0 = not by themselves
     * @return the last one
     */
    Node makeOwned(
            Request request,
            Walk walk,
            int end,
            int mode,
            long persistMillis,
            NamespaceView view,
            Consumer<Record> records)
            throws TarnException {
        Node directory = walk.deepest();
        for (int i = walk.found(); i < end; i++) {
            String name = walk.path().names().get(i);
            MountPlace place = directory.place();
            Inode there = view.child(directory.directoryKey(), name);
            if (there == null) {
                if (i == walk.found()) {
                    Permissions.requireChange(
                            directory, request.user(), walk.path().toString());
                }
                if (directory.directoryKey() instanceof DirectoryKey.Owned owned
                        && view.inode(owned.inodeId()) == null) {
                    throw mountsChanged();
                }
                Quotas.requireRoom(view, directory.directoryKey(), new Usage(1, 0));
                there = Inode.newDirectory(
                        parts.ids().next(view, records),
                        directory.directoryKey(),
                        name,
                        request.user().name(),
                        groupFor(directory, request.user()),
                        mode,
                        request.startMillis());
                records.accept(new Record.DirectoryCreated(there, place == null ? 0 : persistMillis));
            } else if (!there.directory()) {
                throw new TarnException(ErrorCode.NOT_A_DIRECTORY, walk.path() + " would be below a file");
            } else if (there.isMountPoint()) {
                throw mountsChanged();
            }
            directory = new Node.OwnedNode(there, place == null ? null : place.child(name));
        }
        return directory;
    }

    /**
     * Makes the names up to {@code end} of a path in its store, the owned directories above them first, and notes their creator. Waits for the store; the
     * caller holds the path.
     */
    void makeInStore(Request request, Walk walk, int end, Node above, int mode) throws TarnException {
        MountPlace top = above.place();
        if (top == null) {
            throw mountsChanged();
        }
        persisting.ensure(top);
        if (walk.found() >= end) {
            return;
        }
        Permissions.requireChange(above, request.user(), walk.path().toString());
        UnderStore store = parts.mirror().stores().of(top.mount());
        List<MountPlace> made = new ArrayList<>();
        MountPlace place = top;
        for (int i = walk.found(); i < end; i++) {
            place = place.child(walk.path().names().get(i));
            made.add(place);
        }
        store.createDirectory(place.path());
        List<Record> records = new ArrayList<>();
        List<KeptCreator> kept = new ArrayList<>();
        String group = groupFor(above, request.user());
        for (MountPlace directory : made) {
            KeptCreator creator =
                    KeptCreator.of(store, directory.path(), request.user().name(), group, mode);
            kept.add(creator);
            if (!creator.overlay().isNone()) {
                records.add(new Record.OverlayChanged(directory.mount().id(), directory.path(), creator.overlay()));
            }
        }
        mutations.step((view, emitted) -> {
            records.forEach(emitted);
            return true;
        });
        for (int i = 0; i < made.size(); i++) {
            String path = made.get(i).path();
            StoreStatus known = kept.get(i).status();
            StoreStatus shown = known != null ? known : store.status(path).orElse(StoreStatus.directory(path, 0));
            parts.mirror().put(top.mount().id(), shown);
        }
    }

    static TarnException mountsChanged() {
        return new TarnException(ErrorCode.BUSY, "the mounts around this path have just changed; try again", null, 10);
    }
}
