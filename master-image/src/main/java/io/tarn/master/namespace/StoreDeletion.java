package io.tarn.master.namespace;

import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.Record;
import io.tarn.master.record.Tombstone;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.UnderStore;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes in a store what a tombstone hides, and then clears the tombstone; also after a crash. Safe for many threads; waits for stores. */
final class StoreDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(StoreDeletion.class);
    private static final int OVERLAYS_PER_RECORD = 100;

    private final NamespaceParts parts;
    private final Mutations mutations;

    StoreDeletion(NamespaceParts parts, Mutations mutations) {
        this.parts = parts;
        this.mutations = mutations;
    }

    /**
     * Carries out one deletion whose tombstone is durable. Where the store refuses, what is left shows again.
     *
     * @return true
     */
    boolean carryOut(MountEntry mount, String place, Tombstone tombstone) throws TarnException {
        UnderStore store = parts.mirror().stores().of(mount);
        try {
            if (tombstone.directory()) {
                store.deleteDirectory(place, tombstone.recursive());
            } else {
                store.deleteFile(place, tombstone.versionTag());
            }
        } catch (TarnException e) {
            LOG.warn("Deleting {} of {} failed: {}", place, mount, e.getMessage());
            parts.mirror().forget(mount.id(), place);
            mutations.step((view, records) -> {
                records.accept(new Record.TombstoneCleared(mount.id(), place));
                return true;
            });
            if (e.code() == ErrorCode.STORE_CHANGED) {
                throw new TarnException(
                        ErrorCode.STORE_CHANGED,
                        place + " has changed in " + store.uri()
                                + " since it was last looked at, and was not deleted; look again, then decide",
                        e);
            }
            throw e;
        }
        parts.mirror().remove(mount.id(), place);
        removeOverlays(mount, place);
        return mutations.lastStep(tombstone.call(), CallAnswers.DONE, (view, records) -> {
            records.accept(new Record.TombstoneCleared(mount.id(), place));
            return true;
        });
    }

    /** In records of bounded size: a tree may have many. */
    void removeOverlays(MountEntry mount, String place) throws TarnException {
        while (true) {
            List<String> paths = overlaysBelow(mount.id(), place);
            if (paths.isEmpty()) {
                return;
            }
            mutations.step((view, records) -> {
                records.accept(new Record.OverlaysRemoved(mount.id(), paths));
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
