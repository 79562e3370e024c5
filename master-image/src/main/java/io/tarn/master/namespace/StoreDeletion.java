package io.tarn.master.namespace;

import io.tarn.master.record.CallKey;
import io.tarn.master.record.DirectoryKey;
import io.tarn.master.record.Inode;
import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Quota;
import io.tarn.master.record.Record;
import io.tarn.master.record.Tombstone;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.UnderStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes in a store what a tombstone hides, and then clears the tombstone; also after a crash. Safe for many threads; waits for stores. */
final class StoreDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(StoreDeletion.class);
    private static final int OVERLAYS_PER_RECORD = 100;
    private static final int DETACHED_PER_RECORD = 1_000;
    /** With these something else is there than what was to be deleted. */
    private static final Set<ErrorCode> OTHERS_DATA = Set.of(
            ErrorCode.STORE_CHANGED,
            ErrorCode.DIRECTORY_NOT_EMPTY,
            ErrorCode.IS_A_DIRECTORY,
            ErrorCode.NOT_A_DIRECTORY);

    private final NamespaceParts parts;
    private final Mutations mutations;

    StoreDeletion(NamespaceParts parts, Mutations mutations) {
        this.parts = parts;
        this.mutations = mutations;
    }

    /**
     * What hides the store's part of something owned that is deleted or renamed: of a file the version that it replaced, and no other, since Tarn has never shown
     * that one. Only where Tarn may have put it there itself, and does not know its version, the one that is there now. Null where there is nothing of ours.
     */
    @Nullable
    Tombstone owedFor(Node.OwnedNode node, boolean recursive) throws TarnException {
        MountPlace place = node.place();
        Inode inode = node.inode();
        if (place == null) {
            return null;
        }
        if (inode.directory()) {
            return inode.inStore() ? owed(true, recursive, "") : null;
        }
        if (!inode.storeTag().equals(Inode.UNKNOWN_TAG)) {
            return inode.storeTag().isEmpty() ? null : owed(false, false, inode.storeTag());
        }
        Optional<StoreStatus> there = parts.mirror().stores().of(place.mount()).status(place.path());
        return there.isEmpty() || there.get().directory()
                ? null
                : owed(false, false, there.get().versionTag());
    }

    private static Tombstone owed(boolean directory, boolean recursive, String versionTag) {
        return new Tombstone(Tombstone.Reason.DELETE, directory, recursive, versionTag, true, CallKey.NONE);
    }

    /** Carries out an owed deletion now, or leaves it to {@link Recovery}. */
    void tryCarryOut(MountPlace place, Tombstone tombstone) {
        try {
            carryOut(place.mount(), place.path(), tombstone);
        } catch (TarnException e) {
            LOG.warn("{} is deleted, and will go from its store later: {}", place, e.getMessage());
        }
    }

    /**
     * Carries out one deletion whose tombstone is durable. Where the store refuses, what is left shows again, unless its deletion is owed and a later try
     * may succeed.
     *
     * @return true
     */
    boolean carryOut(MountEntry mount, String place, Tombstone tombstone) throws TarnException {
        if (tombstone.directory()) {
            detachHanging(mount, place);
        }
        UnderStore store = parts.mirror().stores().of(mount);
        try {
            if (tombstone.directory()) {
                store.deleteDirectory(place, tombstone.recursive());
            } else {
                store.deleteFile(place, tombstone.versionTag());
            }
        } catch (TarnException e) {
            return refused(mount, place, tombstone, e);
        }
        parts.mirror().remove(mount.id(), place);
        StoreParents.keep(parts.mirror(), mount, place);
        removeOverlays(mount, place);
        return mutations.lastStep(tombstone.call(), CallAnswers.DONE, (view, records) -> {
            records.accept(new Record.TombstoneCleared(mount.id(), place));
            return true;
        });
    }

    private boolean refused(MountEntry mount, String place, Tombstone tombstone, TarnException failure)
            throws TarnException {
        if (tombstone.owed() && !OTHERS_DATA.contains(failure.code())) {
            throw failure;
        }
        LOG.warn("Deleting {} of {} failed: {}", place, mount, failure.getMessage());
        parts.mirror().forget(mount.id(), place);
        mutations.step((view, records) -> {
            records.accept(new Record.TombstoneCleared(mount.id(), place));
            return true;
        });
        if (tombstone.owed()) {
            return true;
        }
        if (failure.code() == ErrorCode.STORE_CHANGED) {
            throw new TarnException(
                    ErrorCode.STORE_CHANGED,
                    place + " has changed in " + mount.storeUri()
                            + " since it was last looked at, and was not deleted; look again, then decide",
                    failure);
        }
        throw failure;
    }

    /** Owned entries below directories that are the store's alone. */
    private void detachHanging(MountEntry mount, String place) throws TarnException {
        while (true) {
            List<Long> hanging = hangingBelow(mount.id(), place);
            if (hanging.isEmpty()) {
                return;
            }
            mutations.step((view, records) -> {
                records.accept(new Record.ChildrenDetached(0, hanging));
                return true;
            });
        }
    }

    private List<Long> hangingBelow(long mountId, String place) {
        List<Long> inodeIds = new ArrayList<>();
        byte[] prefix = Keys.hanging(mountId, place);
        try (StateReader.Cursor cursor = parts.store().scan(Table.EDGE, prefix, null)) {
            while (inodeIds.size() < DETACHED_PER_RECORD && cursor.next()) {
                if (Keys.hangsAtOrBelow(cursor.key(), prefix)) {
                    inodeIds.add(Keys.idOf(cursor.value()));
                }
            }
        }
        return inodeIds;
    }

    /** In records of bounded size: a tree may have many. */
    void removeOverlays(MountEntry mount, String place) throws TarnException {
        while (true) {
            List<String> paths = overlaysBelow(mount.id(), place);
            if (paths.isEmpty()) {
                removeQuotas(mount, place);
                return;
            }
            mutations.step((view, records) -> {
                records.accept(new Record.OverlaysRemoved(mount.id(), paths));
                return true;
            });
        }
    }

    private void removeQuotas(MountEntry mount, String place) throws TarnException {
        List<DirectoryKey.Mirrored> limited = new NamespaceView(parts.store()).limitedAtOrBelow(mount.id(), place);
        if (!limited.isEmpty()) {
            mutations.step((view, records) -> {
                limited.forEach(directory -> records.accept(new Record.QuotaChanged(directory, Quota.NONE)));
                return true;
            });
        }
    }

    private List<String> overlaysBelow(long mountId, String place) {
        List<String> paths = new ArrayList<>();
        try (StateReader.Cursor cursor = parts.store().scan(Table.OVERLAY, Keys.mounted(mountId, place), null)) {
            while (paths.size() < OVERLAYS_PER_RECORD && cursor.next()) {
                String path = Keys.mountedPath(cursor.key());
                if (Keys.liesAtOrBelow(path, place)) {
                    paths.add(path);
                }
            }
        }
        return paths;
    }
}
