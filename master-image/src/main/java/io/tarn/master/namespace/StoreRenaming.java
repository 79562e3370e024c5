package io.tarn.master.namespace;

import io.tarn.master.record.MountEntry;
import io.tarn.master.record.Record;
import io.tarn.master.record.StoreRename;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renames within a store: an intent, the store's own atomic rename, the outcome; or by copies where the store has none. What a crash leaves is carried on by
 * {@link #resume}. Safe for many threads; waits for stores; the caller holds both paths.
 */
final class StoreRenaming {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRenaming.class);

    private final NamespaceParts parts;
    private final Mutations mutations;
    private final CopyRenaming copies;

    StoreRenaming(NamespaceParts parts, Mutations mutations, CopyRenaming copies) {
        this.parts = parts;
        this.mutations = mutations;
        this.copies = copies;
    }

    /**
     * @param replacedInodeId an owned file or empty directory that is replaced; 0 = none
     * @return true
     */
    boolean start(MountEntry mount, StoreRename asked, long replacedInodeId) throws TarnException {
        UnderStore store = parts.mirror().stores().of(mount);
        boolean byCopies = !store.capabilities().atomicRename();
        StoreRename rename = asked.inStore(byCopies);
        long operationId = mutations.step((view, records) -> {
            long id = parts.ids().next(view, records);
            if (replacedInodeId != 0 && !rename.replaces()) {
                records.accept(new Record.EntryDetached(replacedInodeId, 0));
            }
            records.accept(new Record.RenameIntended(id, rename));
            return id;
        });
        return byCopies ? copies.start(operationId, mount, rename) : renameAtomically(operationId, mount, rename);
    }

    /** Carries on after a crash. */
    void resume(long operationId, MountEntry mount, StoreRename rename) throws TarnException {
        if (rename.byCopies()) {
            copies.resume(operationId, mount, rename);
            return;
        }
        UnderStore store = parts.mirror().stores().of(mount);
        if (isDone(store, rename)) {
            end(operationId, mount, rename, true);
        } else if (store.status(rename.source()).isPresent()) {
            renameAtomically(operationId, mount, rename);
        } else {
            end(operationId, mount, rename, false);
        }
    }

    private boolean renameAtomically(long operationId, MountEntry mount, StoreRename rename) throws TarnException {
        UnderStore store = parts.mirror().stores().of(mount);
        try {
            removeReplaced(store, rename);
            store.rename(rename.source(), rename.target());
        } catch (TarnException e) {
            if (!isDone(store, rename)) {
                LOG.warn("Renaming {} of {} failed: {}", rename.source(), mount, e.getMessage());
                putBackReplaced(store, rename);
                parts.mirror().forget(mount.id(), rename.source());
                parts.mirror().forget(mount.id(), rename.target());
                end(operationId, mount, rename, false);
                throw e;
            }
        }
        end(operationId, mount, rename, true);
        return true;
    }

    /**
     * What a rename that failed, or was cut off, has come to. A file is known by its version, which it keeps: another one may stand under the old name by now. An
     * owned directory may have had nothing in the store.
     */
    private static boolean isDone(UnderStore store, StoreRename rename) throws TarnException {
        StoreStatus source = store.status(rename.source()).orElse(null);
        StoreStatus target = store.status(rename.target()).orElse(null);
        if (rename.directory()) {
            return source == null && (target != null || rename.movedInodeId() != 0);
        }
        boolean arrived = target != null && target.versionTag().equals(rename.sourceTag());
        return source == null
                ? arrived || (target != null && !rename.replaces())
                : arrived && !source.versionTag().equals(rename.sourceTag());
    }

    /** An empty directory makes room for another one. */
    private static void removeReplaced(UnderStore store, StoreRename rename) throws TarnException {
        if (rename.directory() && rename.replaces()) {
            store.deleteDirectory(rename.target(), false);
        }
    }

    private static void putBackReplaced(UnderStore store, StoreRename rename) throws TarnException {
        if (rename.directory() && rename.replaces()) {
            store.createDirectory(rename.target());
        }
    }

    private void end(long operationId, MountEntry mount, StoreRename rename, boolean done) throws TarnException {
        if (!done) {
            mutations.step((view, records) -> {
                records.accept(new Record.RenameEnded(operationId, false));
                return true;
            });
            return;
        }
        Optional<StoreStatus> target = parts.mirror().stores().of(mount).status(rename.target());
        mutations.lastStep(rename.call(), CallAnswers.DONE, (view, records) -> {
            CopyRenaming.moveWriter(mount, rename, view, records);
            records.accept(new Record.RenameEnded(operationId, true));
            return true;
        });
        if (target.isPresent()) {
            parts.mirror().move(mount.id(), rename.source(), target.get());
        } else {
            parts.mirror().remove(mount.id(), rename.source());
            parts.mirror().forget(mount.id(), rename.target());
        }
    }
}
