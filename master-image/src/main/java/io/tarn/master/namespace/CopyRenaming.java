package io.tarn.master.namespace;

import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.record.StoreRename;
import io.tarn.master.work.BoundedTasks;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.function.Consumer;
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
            copyAll(operationId, mount, store, rename);
        } catch (TarnException e) {
            undo(operationId, mount, rename, store);
            throw e;
        }
        flip(operationId, mount, rename);
        try {
            finish(operationId, mount, rename, store);
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
            copyAll(operationId, mount, store, rename);
            flip(operationId, mount, rename);
        }
        finish(operationId, mount, rename, store);
    }

    /** What was known of the target is forgotten first: it says that nothing is there, or even above, and the record shows it to readers. */
    private void flip(long operationId, MountEntry mount, StoreRename rename) throws TarnException {
        parts.mirror().forget(mount.id(), rename.target());
        parts.mirror().forgetAbsence(mount.id(), StorePaths.parent(rename.target()));
        mutations.lastStep(rename.call(), CallAnswers.DONE, (view, records) -> {
            moveWriter(mount, rename, view, records);
            records.accept(new Record.RenameFlipped(operationId));
            return true;
        });
    }

    static void moveWriter(MountEntry mount, StoreRename rename, NamespaceView view, Consumer<Record> records)
            throws TarnException {
        if (!rename.directory()) {
            MountPlace source = new MountPlace(mount, rename.source());
            WriterMoves.withFile(source, rename.targetParent(), rename.targetName(), view, records);
        }
    }

    private void copyAll(long operationId, MountEntry mount, UnderStore store, StoreRename rename)
            throws TarnException {
        if (!rename.directory()) {
            store.copyFile(rename.source(), rename.sourceTag(), rename.target());
            return;
        }
        store.createDirectory(rename.target());
        CopiedVersions copied = CopiedVersions.load(parts.store(), mutations, operationId);
        forEach(store, rename.source(), entry -> {
            String target = targetOf(rename, entry.path());
            if (entry.directory()) {
                store.createDirectory(target);
            } else if (!copied.contains(entry)) {
                if (!ReplacedVersions.contain(new NamespaceView(parts.store()), mount, entry)) {
                    store.copyFile(entry.path(), entry.versionTag(), target);
                }
                copied.add(entry);
            }
        });
        copied.flush();
    }

    /** Deletes of the source what was copied, or was replaced by an owned file; what others have put there since stays, and shows. */
    private void finish(long operationId, MountEntry mount, StoreRename rename, UnderStore store) throws TarnException {
        boolean empty = true;
        if (rename.directory()) {
            CopiedVersions copied = CopiedVersions.load(parts.store(), mutations, operationId);
            forEach(store, rename.source(), entry -> {
                if (!entry.directory() && copied.contains(entry)) {
                    deleteVersion(store, entry.path(), entry.versionTag());
                }
            });
            empty = EmptyDirectories.delete(store, rename.source());
        } else {
            deleteVersion(store, rename.source(), rename.sourceTag());
        }
        if (empty) {
            parts.mirror().remove(mount.id(), rename.source());
        } else {
            LOG.info("Others have written below {} of {} during its rename; that stays", rename.source(), mount);
            parts.mirror().forget(mount.id(), rename.source());
        }
        StoreParents.keep(parts.mirror(), mount, rename.source());
        mutations.step((view, records) -> {
            records.accept(new Record.RenameEnded(operationId, true));
            return true;
        });
    }

    private static void deleteVersion(UnderStore store, String path, String versionTag) throws TarnException {
        try {
            store.deleteFile(path, versionTag);
        } catch (TarnException e) {
            if (e.code() != ErrorCode.STORE_CHANGED && e.code() != ErrorCode.IS_A_DIRECTORY) {
                throw e;
            }
            LOG.info("{} in {} was written anew during its rename; the new file stays", path, store.uri());
        }
    }

    /** Nothing has been shown of the target yet: removes what was copied. Where that fails too, the intent stays, and the rename is carried on later. */
    private void undo(long operationId, MountEntry mount, StoreRename rename, UnderStore store) throws TarnException {
        if (!rename.replaces()) {
            try {
                if (rename.directory()) {
                    store.deleteDirectory(rename.target(), true);
                } else {
                    store.deleteFile(rename.target(), "");
                }
            } catch (TarnException e) {
                throw new TarnException(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "the rename of " + rename.source() + " to " + rename.target() + " in " + store.uri()
                                + " was cut off, and is carried on once the store is there: " + e.getMessage(),
                        e);
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

    private static void forEach(UnderStore store, String top, EntryWork work) throws TarnException {
        try (BoundedTasks tasks = new BoundedTasks(COPIES_AT_ONCE)) {
            Iterator<StoreStatus> entries = EmptyDirectories.listRecursive(store, top);
            while (entries.hasNext()) {
                StoreStatus entry = entries.next();
                tasks.run(() -> work.on(entry));
            }
            tasks.finish();
        } catch (UncheckedIOException e) {
            throw EmptyDirectories.failureOf(store, e);
        }
    }

    private static String targetOf(StoreRename rename, String path) {
        return rename.target() + path.substring(rename.source().length());
    }
}
