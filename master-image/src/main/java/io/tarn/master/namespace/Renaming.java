package io.tarn.master.namespace;

import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.record.Record;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import io.tarn.protocol.v1.RenameRequest;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Renames files and trees: owned ones by one record, whatever their size; mirrored ones in their store. Safe for many threads. */
final class Renaming {
    private final NamespaceParts parts;
    private final Lookups lookups;
    private final Mutations mutations;
    private final MountedRenaming mounted;
    private final Runnable replaced;

    /** @param replaced told after a rename to where data are to be on other workers */
    Renaming(NamespaceParts parts, Lookups lookups, Mutations mutations, MountedRenaming mounted, Runnable replaced) {
        this.parts = parts;
        this.lookups = lookups;
        this.mutations = mutations;
        this.mounted = mounted;
        this.replaced = replaced;
    }

    CompletableFuture<Boolean> rename(RenameRequest message) throws TarnException {
        Request request = Request.of(parts, message.getCaller(), message.getSource());
        TarnPath target = Links.follow(parts, request.user(), TarnPath.parse(message.getTarget()), false);
        RenameRules.checkNames(request.path(), target);
        MountTable mounts = parts.mountTables().of(new NamespaceView(parts.store()));
        Writability.requireNoMountBelow(mounts, request.path(), "rename");
        Writability.requireNoMountBelow(mounts, target, "replace");
        MountEntry mount = mounts.covering(request.path());
        if (!Objects.equals(mount, mounts.covering(target))) {
            throw new TarnException(
                    ErrorCode.CROSS_MOUNT,
                    request.path() + " and " + target + " are not in the same mount; copy, then delete");
        }
        if (mount == null) {
            AtomicBoolean elsewhere = new AtomicBoolean();
            return mutations
                    .inMemory(request.call(), CallAnswers.DONE, (view, records) -> {
                        Resolver resolver = lookups.resolver(view, request.user(), request.startMillis());
                        Walk from = resolver.walk(request.path());
                        Walk to = resolver.walk(target);
                        elsewhere.set(from.isPlacedUnlike(to));
                        return renameOwned(request, from, to, message.getOverwrite(), resolver, records);
                    })
                    .thenApply(done -> {
                        if (elsewhere.get()) {
                            replaced.run();
                        }
                        return done;
                    });
        }
        Writability.requireWritable(mount);
        return mutations.throughStore(
                request.call(),
                CallAnswers.DONE,
                List.of(request.path(), target),
                Boolean.class,
                () -> mounted.rename(request, target, message.getOverwrite(), mount));
    }

    private static boolean renameOwned(
            Request request, Walk from, Walk to, boolean overwrite, Resolver resolver, Consumer<Record> records)
            throws TarnException {
        NamespaceView view = resolver.view();
        TarnPath target = to.path();
        if (!from.isComplete() && from.missing() == 1) {
            PendingFile pending =
                    view.pending(from.directory().directoryKey(), request.path().name());
            if (pending != null && pending.clientId() == request.clientId()) {
                WriterMoves.alone(pending, from, to, view, records, request.user());
                return true;
            }
        }
        if (request.path().equals(target)) {
            from.require();
            return true;
        }
        RenameRules.Ends ends = RenameRules.check(resolver, from, to, overwrite);
        DirectoryKey key = ends.targetDirectory().directoryKey();
        if (!(ends.source() instanceof Node.OwnedNode source) || !(key instanceof DirectoryKey.Owned)) {
            throw MissingDirectories.mountsChanged();
        }
        WriterMoves.withFile(source.inode(), key, target.name(), view, records);
        Quotas.requireRoomToMove(view, source, from.directory().directoryKey(), key, ends.replaced());
        records.accept(
                new Record.EntryMoved(source.inode().id(), key, target.name(), request.startMillis(), false, ""));
        return true;
    }
}
