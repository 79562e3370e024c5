package io.tarn.master.namespace;

import io.tarn.master.record.CallKey;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.record.Tombstone;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.DeleteRequest;
import io.tarn.protocol.v1.FileStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes files and trees. Owned ones are detached by one record, whatever their size, and reclaimed in the background. Mirrored ones are hidden, deleted in
 * their store, and forgotten. Safe for many threads.
 */
final class Deletion {
    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final StoreDeletion stores;

    Deletion(NamespaceParts parts, Lookups lookups, Mutations mutations, StoreDeletion stores) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.stores = stores;
    }

    CompletableFuture<Boolean> delete(DeleteRequest message) throws TarnException {
        Request request = Request.of(parts, message.getCaller(), message.getPath());
        return delete(request, message.getRecursive(), node -> {});
    }

    /**
     * Deletes a file if it is still as it was seen.
     *
     * @throws TarnException STORE_CHANGED, perhaps through the future, where it is not
     */
    CompletableFuture<Boolean> deleteUnchanged(FileStatus seen, User user) throws TarnException {
        TarnPath path = TarnPath.parse(seen.getPath());
        Request request = new Request(user, CallKey.NONE, path, parts.clock().millis());
        return delete(request, false, node -> {
            FileStatus now = parts.statuses().of(node, seen.getPath());
            if (!now.getVersion().equals(seen.getVersion())
                    || now.getModifiedMillis() != seen.getModifiedMillis()
                    || now.getType() != seen.getType()) {
                throw new TarnException(ErrorCode.STORE_CHANGED, path + " has changed meanwhile");
            }
        });
    }

    /** What must hold of what is deleted. */
    private interface Condition {
        void check(Node node) throws TarnException;
    }

    private CompletableFuture<Boolean> delete(Request request, boolean recursive, Condition condition)
            throws TarnException {
        if (request.path().isRoot()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "the root cannot be deleted");
        }
        MountTable mounts = parts.mountTables().of(new NamespaceView(parts.store()));
        MountEntry mount = mounts.covering(request.path());
        if (mount != null && mounts.at(request.path()) == null) {
            Writability.requireWritable(mount);
            return mutations.throughStore(
                    request.call(),
                    CallAnswers.DONE,
                    List.of(request.path()),
                    Boolean.class,
                    () -> deleteMounted(request, recursive, mount, condition));
        }
        return mutations.inMemory(request.call(), CallAnswers.DONE, (view, records) -> {
            Resolver resolver = lookups.resolver(view, request.user(), request.startMillis());
            Walk walk = resolver.walk(request.path());
            Node node = check(resolver, walk, recursive);
            condition.check(node);
            if (!(node instanceof Node.OwnedNode owned)) {
                throw MissingDirectories.mountsChanged();
            }
            if (owned.isDirectory() && !recursive && view.hasOwnedChildren(owned.directoryKey())) {
                throw notEmpty(walk);
            }
            records.accept(new Record.EntryDetached(owned.inode().id(), request.startMillis()));
            return true;
        });
    }

    private boolean deleteMounted(Request request, boolean recursive, MountEntry mount, Condition condition)
            throws TarnException {
        Node node = lookups.blocking(request.user(), request.startMillis(), resolver -> {
            Walk walk = resolver.walk(request.path());
            Node found = check(resolver, walk, recursive);
            condition.check(found);
            MountPlace place = found.place();
            if (place == null || !place.mount().equals(mount)) {
                throw MissingDirectories.mountsChanged();
            }
            Writability.requireNoWriterBelow(resolver.view(), mount, place.path());
            if (found.isDirectory() && !recursive && !isEmpty(resolver, found)) {
                throw notEmpty(walk);
            }
            return found;
        });
        return switch (node) {
            case Node.OwnedNode owned -> deleteOwned(request, owned, recursive);
            case Node.MirroredNode mirrored -> deleteMirrored(request, mirrored, recursive);
        };
    }

    private boolean deleteMirrored(Request request, Node.MirroredNode node, boolean recursive) throws TarnException {
        Tombstone tombstone = new Tombstone(
                Tombstone.Reason.DELETE,
                node.isDirectory(),
                recursive,
                node.row().versionTag(),
                false,
                request.call());
        mutations.step((view, records) -> {
            records.accept(new Record.TombstonePlaced(node.mount().id(), node.path(), tombstone));
            return true;
        });
        return stores.carryOut(node.mount(), node.path(), tombstone);
    }

    /** One record; what the store holds under its name is hidden with it, and deleted after that, however long that takes. */
    private boolean deleteOwned(Request request, Node.OwnedNode node, boolean recursive) throws TarnException {
        Tombstone tombstone = stores.owedFor(node, recursive);
        MountPlace place = node.place();
        mutations.lastStep(request.call(), CallAnswers.DONE, (view, records) -> {
            if (view.inode(node.inode().id()) == null) {
                throw MissingDirectories.mountsChanged();
            }
            records.accept(new Record.EntryDetached(node.inode().id(), request.startMillis()));
            if (tombstone != null && place != null) {
                records.accept(new Record.TombstonePlaced(place.mount().id(), place.path(), tombstone));
            }
            return true;
        });
        if (tombstone != null && place != null) {
            stores.tryCarryOut(place, tombstone);
        }
        return true;
    }

    private static Node check(Resolver resolver, Walk walk, boolean recursive) throws TarnException {
        Node node = walk.require();
        Writability.requireNoMountBelow(resolver.mounts(), walk.path(), "delete");
        String path = walk.path().toString();
        Permissions.requireRemoval(walk.directory(), node, resolver.user(), path);
        if (node.isDirectory() && recursive) {
            int all = Permissions.READ | Permissions.WRITE | Permissions.EXECUTE;
            Permissions.require(node, resolver.user(), all, path);
        }
        return node;
    }

    static boolean isEmpty(Resolver resolver, Node directory) throws TarnException {
        return Children.of(resolver, directory.asDirectory(), "", 1).isEmpty();
    }

    private static TarnException notEmpty(Walk walk) {
        return new TarnException(
                ErrorCode.DIRECTORY_NOT_EMPTY, walk.path() + " is not empty; delete it recursively, or empty it first");
    }
}
