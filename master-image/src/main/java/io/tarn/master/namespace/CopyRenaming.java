package io.tarn.master.namespace;

import io.tarn.master.record.MountEntry;
import io.tarn.master.record.Record;
import io.tarn.master.record.StoreRename;
import io.tarn.master.work.BoundedTasks;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renames in a store that cannot: copies below the target, which is hidden meanwhile; one record that shows the target and hides the source; deletions of
 * the source. Readers see the source before that record and the target after it. Each step can be done again. Safe for many threads; waits for stores.
 */
final class CopyRenaming {
    private static final Logger LOG = LoggerFactory.getLogger(CopyRenaming.class);
    private static final int COPIES_AT_ONCE = 16;

    private final NamespaceParts parts;
    private final Mutations mutations;

    CopyRenaming(NamespaceParts parts, Mutations mutations) {
        this.parts = parts;
        this.mutations = mutations;
    }

    /** @return true */
    boolean start(long operationId, MountEntry mount, StoreRename rename) throws TarnException {
        UnderStore store = parts.mirror().stores().of(mount);
        try {
            copyAll(store, rename, false);
        } catch (TarnException e) {
            undo(operationId, mount, rename, store);
            throw e;
        }
        flip(operationId, mount, rename);
        try {
            finish(operationId, mount, rename, store, true);
        } catch (TarnException e) {
            LOG.warn(
                    "After the rename to {} on {}, what is left under {} could not be deleted yet: {}",
                    rename.target(),
                    mount,
                    rename.source(),
                    e.getMessage());
        }
        return true;
    }

    /** Carries on after a crash, or after deletions that failed. */
    void resume(long operationId, MountEntry mount, StoreRename rename) throws TarnException {
        UnderStore store = parts.mirror().stores().of(mount);
        if (!rename.flipped()) {
            if (store.status(rename.source()).isEmpty()) {
                undo(operationId, mount, rename, store);
                return;
            }
            copyAll(store, rename, true);
            flip(operationId, mount, rename);
        }
        finish(operationId, mount, rename, store, false);
    }

    private void flip(long operationId, MountEntry mount, StoreRename rename) throws TarnException {
        mutations.lastStep(rename.call(), CallAnswers.DONE, (view, records) -> {
            records.accept(new Record.RenameFlipped(operationId));
            return true;
        });
        parts.mirror().forget(mount.id(), rename.target());
    }

    private void copyAll(UnderStore store, StoreRename rename, boolean resumed) throws TarnException {
        if (!rename.directory()) {
            store.copyFile(rename.source(), rename.sourceTag(), rename.target());
            return;
        }
        store.createDirectory(rename.target());
        forEachFile(store, rename, entry -> {
            String target = targetOf(rename, entry.path());
            if (entry.directory()) {
                store.createDirectory(target);
            } else if (!resumed || !isCopied(store, entry, target)) {
                store.copyFile(entry.path(), entry.versionTag(), target);
            }
        });
    }

    /**
     * Deletes the source.
     *
     * @param moveLate move, rather than lose, what somebody else has put there since; only while the target has been held since the flip: later, a file
     *     that is missing there may have been deleted
     */
    private void finish(long operationId, MountEntry mount, StoreRename rename, UnderStore store, boolean moveLate)
            throws TarnException {
        if (rename.directory()) {
            forEachFile(store, rename, entry -> {
                if (entry.directory()) {
                    return;
                }
                String target = targetOf(rename, entry.path());
                if (moveLate && store.status(target).isEmpty()) {
                    store.copyFile(entry.path(), entry.versionTag(), target);
                }
                store.deleteFile(entry.path(), entry.versionTag());
            });
            store.deleteDirectory(rename.source(), true);
        } else {
            deleteSourceFile(store, rename);
        }
        parts.mirror().remove(mount.id(), rename.source());
        mutations.step((view, records) -> {
            records.accept(new Record.RenameEnded(operationId, true));
            return true;
        });
    }

    private static void deleteSourceFile(UnderStore store, StoreRename rename) throws TarnException {
        try {
            store.deleteFile(rename.source(), rename.sourceTag());
        } catch (TarnException e) {
            if (e.code() != ErrorCode.STORE_CHANGED) {
                throw e;
            }
            LOG.info("{} in {} was written anew during its rename; the new file stays", rename.source(), store.uri());
        }
    }

    /** Nothing has been shown of the target yet: removes what was copied. */
    private void undo(long operationId, MountEntry mount, StoreRename rename, UnderStore store) throws TarnException {
        if (!rename.replaces()) {
            try {
                if (rename.directory()) {
                    store.deleteDirectory(rename.target(), true);
                } else {
                    store.deleteFile(rename.target(), "");
                }
            } catch (TarnException e) {
                LOG.warn("Copies below {} of {} could not be removed: {}", rename.target(), mount, e.getMessage());
            }
        }
        parts.mirror().forget(mount.id(), rename.target());
        mutations.step((view, records) -> {
            records.accept(new Record.RenameEnded(operationId, false));
            return true;
        });
    }

    private interface EntryWork {
        void on(StoreStatus entry) throws TarnException;
    }

    private static void forEachFile(UnderStore store, StoreRename rename, EntryWork work) throws TarnException {
        try (BoundedTasks tasks = new BoundedTasks(COPIES_AT_ONCE)) {
            Iterator<StoreStatus> entries = store.listRecursive(rename.source());
            while (entries.hasNext()) {
                StoreStatus entry = entries.next();
                tasks.run(() -> work.on(entry));
            }
            tasks.finish();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof TarnException failure) {
                throw failure;
            }
            throw new TarnException(ErrorCode.STORE_UNAVAILABLE, "listing " + store.uri() + " failed", e);
        }
    }

    private static boolean isCopied(UnderStore store, StoreStatus source, String target) throws TarnException {
        Optional<StoreStatus> copy = store.status(target);
        return copy.isPresent()
                && !copy.get().directory()
                && copy.get().lengthBytes() == source.lengthBytes()
                && copy.get().modifiedMillis() >= source.modifiedMillis();
    }

    private static String targetOf(StoreRename rename, String path) {
        return rename.target() + path.substring(rename.source().length());
    }
}
