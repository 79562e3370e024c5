package io.tarn.master.namespace;

import io.tarn.master.record.Keys;
import io.tarn.master.record.MountEntry;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.StoreRename;
import io.tarn.master.record.Tombstone;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import io.tarn.master.work.PathLocks;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries on changes of under stores that a crash, or a store that was away, has left half done: renames by their intents, deletions by their tombstones.
 * Until then readers see what the records say. Used by one thread; the work itself runs on threads that wait for stores and hold the paths.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int MAX_AT_ONCE = 100;

    private final NamespaceParts parts;
    private final StoreDeletion deletions;
    private final StoreRenaming renames;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    Recovery(NamespaceParts parts, StoreDeletion deletions, StoreRenaming renames) {
        this.parts = parts;
        this.deletions = deletions;
        this.renames = renames;
    }

    private record Deletion(MountEntry mount, String place, Tombstone tombstone) {}

    private record Rename(long operationId, MountEntry mount, StoreRename rename) {}

    /** Starts what is found; what is being worked on by its own caller holds its paths, and is found done once they are free. */
    void run() {
        NamespaceView view = new NamespaceView(parts.store());
        for (Rename found : renames(view)) {
            List<TarnPath> paths =
                    List.of(pathOf(found.mount, found.rename.source()), pathOf(found.mount, found.rename.target()));
            start("rename " + found.operationId, paths, () -> {
                StoreRename now = new NamespaceView(parts.store()).rename(found.operationId);
                if (now != null) {
                    LOG.info("Carrying on the rename of {} to {}", paths.getFirst(), paths.getLast());
                    renames.resume(found.operationId, found.mount, now);
                }
            });
        }
        for (Deletion found : deletions(view)) {
            TarnPath path = pathOf(found.mount, found.place);
            start("delete " + path, List.of(path), () -> {
                Tombstone now = new NamespaceView(parts.store()).tombstone(found.mount.id(), found.place);
                if (now != null && now.equals(found.tombstone)) {
                    LOG.info("Carrying on the deletion of {}", path);
                    deletions.carryOut(found.mount, found.place, now);
                }
            });
        }
    }

    /** Whether nothing is left to carry on. */
    boolean isDone() {
        NamespaceView view = new NamespaceView(parts.store());
        return renames(view).isEmpty() && deletions(view).isEmpty() && running.isEmpty();
    }

    private interface Work {
        void run() throws TarnException;
    }

    private void start(String name, List<TarnPath> paths, Work work) {
        if (running.size() >= MAX_AT_ONCE || !running.add(name)) {
            return;
        }
        parts.executor()
                .submit(() -> {
                    try (PathLocks.Held held = parts.locks().hold(paths)) {
                        work.run();
                    }
                    return true;
                })
                .whenComplete((done, failure) -> {
                    running.remove(name);
                    if (failure != null) {
                        LOG.warn("Could not carry on yet: {}: {}", name, failure.getMessage());
                    }
                });
    }

    private List<Rename> renames(NamespaceView view) {
        List<Rename> found = new ArrayList<>();
        try (StateReader.Cursor cursor = view.state().scan(Table.INTENT, Keys.ALL, null)) {
            while (found.size() < MAX_AT_ONCE && cursor.next()) {
                StoreRename rename = NamespaceView.renameOf(cursor.value());
                MountEntry mount = view.mount(rename.mountId());
                if (mount != null) {
                    found.add(new Rename(Keys.idOf(cursor.key()), mount, rename));
                }
            }
        }
        return found;
    }

    private List<Deletion> deletions(NamespaceView view) {
        List<Deletion> found = new ArrayList<>();
        try (StateReader.Cursor cursor = view.state().scan(Table.TOMBSTONE, Keys.ALL, null)) {
            while (found.size() < MAX_AT_ONCE && cursor.next()) {
                Tombstone tombstone = NamespaceView.tombstoneOf(cursor.value());
                MountEntry mount = view.mount(Keys.idOf(cursor.key()));
                if (mount != null && tombstone.reason() == Tombstone.Reason.DELETE) {
                    found.add(new Deletion(mount, Keys.mountedPath(cursor.key()), tombstone));
                }
            }
        }
        return found;
    }

    private static TarnPath pathOf(MountEntry mount, String place) {
        try {
            return TarnPath.parse(mount.path() + "/" + place);
        } catch (TarnException e) {
            throw new IllegalStateException("damaged state: " + place + " of " + mount, e);
        }
    }
}
