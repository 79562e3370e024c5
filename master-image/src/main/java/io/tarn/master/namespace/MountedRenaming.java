package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Overlay;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Quota;
import io.tarn.master.record.Record;
import io.tarn.master.record.StoreRename;
import io.tarn.master.record.Tombstone;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Renames within a mount: what the store has nothing of by one record, all else in the store, with what is owned below it. Safe for many threads; waits for
 * stores; the caller holds both paths.
 */
final class MountedRenaming {
    /** So many owned entries below directories of the store move in one record. */
    private static final int MAX_HANGING = 1_000;

    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final StoreRenaming renames;
    private final StoreDeletion deletions;
    private final DirectoryPersisting directories;
    private final Runnable replaced;

    MountedRenaming(
            NamespaceParts parts,
            Lookups lookups,
            Mutations mutations,
            StoreRenaming renames,
            StoreDeletion deletions,
            DirectoryPersisting directories,
            Runnable replaced) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.renames = renames;
        this.deletions = deletions;
        this.directories = directories;
        this.replaced = replaced;
    }

    /** What stands at both ends, or the file being written that is to move; neither where there is nothing to do. */
    private record Found(@Nullable Ends ends, @Nullable PendingFile pending, Walk from, Walk to) {}

    private record Ends(
            Node source,
            MountPlace sourcePlace,
            Node targetDirectory,
            MountPlace targetPlace,
            @Nullable Node replaced) {}

    boolean rename(Request request, TarnPath target, boolean overwrite, MountEntry mount) throws TarnException {
        Found found = lookups.blocking(
                request.user(), request.startMillis(), resolver -> find(resolver, request, target, overwrite, mount));
        PendingFile pending = found.pending;
        Ends ends = found.ends;
        if (pending != null) {
            return mutations.lastStep(request.call(), CallAnswers.DONE, (view, records) -> {
                WriterMoves.alone(pending, found.from, found.to, view, records, request.user());
                return true;
            });
        }
        if (ends == null) {
            return true;
        }
        boolean done =
                ends.source instanceof Node.OwnedNode owned && !owned.inode().inStore()
                        ? moveOwned(request, target, owned, ends)
                        : moveInStore(request, mount, ends);
        if (found.from.isPlacedUnlike(found.to)) {
            replaced.run();
        }
        return done;
    }

    private static Found find(Resolver resolver, Request request, TarnPath target, boolean overwrite, MountEntry mount)
            throws TarnException {
        Walk from = resolver.walk(request.path());
        Walk to = resolver.walk(target);
        if (!from.isComplete() && from.missing() == 1) {
            PendingFile pending = Pendings.at(
                    resolver.view(), from.directory(), request.path().name());
            if (pending != null && pending.clientId() == request.clientId()) {
                return new Found(null, pending, from, to);
            }
        }
        if (request.path().equals(target)) {
            from.require();
            return new Found(null, null, from, to);
        }
        RenameRules.Ends ends = RenameRules.check(resolver, from, to, overwrite);
        MountPlace source = ends.source().place();
        MountPlace above = ends.targetDirectory().place();
        if (source == null
                || above == null
                || !source.mount().equals(mount)
                || !above.mount().equals(mount)) {
            throw MissingDirectories.mountsChanged();
        }
        MountPlace place = above.child(target.name());
        requireMovable(resolver.view(), ends.source(), from, source);
        Writability.requireNoWriterBelow(resolver.view(), mount, place.path());
        return new Found(
                new Ends(ends.source(), source, ends.targetDirectory(), place, ends.replaced()), null, from, to);
    }

    /** The writer of a new version of a file moves with it, unless the version goes straight to its place in the store. */
    private static void requireMovable(NamespaceView view, Node source, Walk from, MountPlace place)
            throws TarnException {
        if (source.isDirectory()) {
            Writability.requireNoWriterBelow(view, place.mount(), place.path());
            return;
        }
        PendingFile writer = Pendings.at(view, from.directory(), from.path().name());
        if (writer != null && writer.through()) {
            throw Writability.beingWritten(writer, from.path().toString());
        }
    }

    /** One record. What the store holds under the old name of a file is owed to be deleted; what it holds under the new one is hidden. */
    private boolean moveOwned(Request request, TarnPath target, Node.OwnedNode source, Ends ends) throws TarnException {
        Tombstone tombstone = deletions.owedFor(source, false);
        DirectoryKey key = ends.targetDirectory.directoryKey();
        mutations.lastStep(request.call(), CallAnswers.DONE, (view, records) -> {
            boolean directoryGone = key instanceof DirectoryKey.Owned owned && view.inode(owned.inodeId()) == null;
            if (directoryGone || view.inode(source.inode().id()) == null) {
                throw MissingDirectories.mountsChanged();
            }
            WriterMoves.withFile(source.inode(), key, target.name(), view, records);
            Quotas.requireRoomToMove(view, source, source.inode().parent(), key, ends.replaced);
            records.accept(moved(request, source.inode(), key, target.name(), ends.replaced));
            clearOverlay(ends, view, records);
            if (tombstone != null) {
                MountPlace place = ends.sourcePlace;
                records.accept(new Record.TombstonePlaced(place.mount().id(), place.path(), tombstone));
            }
            return true;
        });
        if (tombstone != null) {
            deletions.tryCarryOut(ends.sourcePlace, tombstone);
        }
        return true;
    }

    private static Record moved(Request request, Inode source, DirectoryKey key, String name, @Nullable Node replaced) {
        boolean inStore = false;
        String storeTag = "";
        if (replaced instanceof Node.OwnedNode owned) {
            inStore = owned.inode().inStore();
            storeTag = owned.inode().storeTag();
        } else if (replaced instanceof Node.MirroredNode mirrored) {
            inStore = mirrored.isDirectory();
            storeTag = mirrored.row().versionTag();
        }
        return new Record.EntryMoved(source.id(), key, name, request.startMillis(), inStore, storeTag);
    }

    private static void clearOverlay(Ends ends, NamespaceView view, Consumer<Record> records) {
        if (ends.replaced instanceof Node.MirroredNode mirrored && mirrored.isDirectory()) {
            MountPlace place = ends.targetPlace;
            records.accept(new Record.OverlayChanged(place.mount().id(), place.path(), Overlay.NONE));
            if (view.quota(place.key()) != null) {
                records.accept(new Record.QuotaChanged(place.key(), Quota.NONE));
            }
        }
    }

    private boolean moveInStore(Request request, MountEntry mount, Ends ends) throws TarnException {
        MountPlace above = ends.targetPlace.parent();
        requireFewHanging(ends.sourcePlace);
        requireRoom(ends);
        directories.ensure(above);
        if (ends.source instanceof Node.MirroredNode lost
                && lost.isDirectory()
                && !lost.row().present()) {
            parts.mirror()
                    .stores()
                    .of(mount)
                    .createDirectory(ends.sourcePlace.path()); // to be renamed there, with what is owned in it
        }
        long moved = ends.source instanceof Node.OwnedNode owned ? owned.inode().id() : 0;
        String tag = ends.source instanceof Node.MirroredNode mirrored
                ? mirrored.row().versionTag()
                : "";
        long replaced =
                ends.replaced instanceof Node.OwnedNode owned ? owned.inode().id() : 0;
        return renames.start(
                mount,
                new StoreRename(
                        mount.id(),
                        ends.sourcePlace.path(),
                        ends.targetPlace.path(),
                        ends.source.isDirectory(),
                        false,
                        ends.replaced != null,
                        tag,
                        ends.targetDirectory.directoryKey(),
                        moved,
                        false,
                        request.call()),
                replaced);
    }

    /** Before the store is changed: afterwards it is too late. */
    private void requireRoom(Ends ends) throws TarnException {
        DirectoryKey source = ends.source instanceof Node.OwnedNode owned
                ? owned.inode().parent()
                : ends.sourcePlace.parent().key();
        mutations.step((view, records) -> {
            Quotas.requireRoomToMove(view, ends.source, source, ends.targetDirectory.directoryKey(), ends.replaced);
            return true;
        });
    }

    private void requireFewHanging(MountPlace source) throws TarnException {
        byte[] prefix = Keys.hanging(source.mount().id(), source.path());
        int hanging = 0;
        try (StateReader.Cursor cursor =
                new NamespaceView(parts.store()).state().scan(Table.EDGE, prefix, null)) {
            while (cursor.next()) {
                if (Keys.hangsAtOrBelow(cursor.key(), prefix) && ++hanging > MAX_HANGING) {
                    throw new TarnException(
                            ErrorCode.BUSY,
                            "more than " + MAX_HANGING + " files below " + source
                                    + " are not in its store yet; they are on their way: try again",
                            null,
                            1000);
                }
            }
        }
    }
}
