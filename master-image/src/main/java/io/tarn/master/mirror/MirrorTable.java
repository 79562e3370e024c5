package io.tarn.master.mirror;

import io.tarn.master.state.Changes;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.Table;
import io.tarn.understore.StoreStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the mirror, and who is changing them. A load (a look at the store that takes a while) must not write over what Tarn itself has changed
 * meanwhile: every change tells the loads under way to leave its paths alone. Safe for many threads.
 */
final class MirrorTable {
    private static final int FEW_ROWS = 64;
    private static final int BATCH_ROWS = 512;
    /** Beyond this a load gives up being complete rather than remember more. */
    private static final int MAX_EXCLUSIONS = 10_000;

    private final StateStore store;
    private final Set<Load> loads = ConcurrentHashMap.newKeySet();

    MirrorTable(StateStore store) {
        this.store = store;
    }

    @Nullable
    MirrorRow row(long mountId, String path) {
        byte[] value = store.get(Table.MIRROR, MirrorKeys.row(mountId, path));
        return value == null ? null : MirrorRow.decode(value);
    }

    /** Begins a load; close it. */
    Load begin(long mountId, String path, long stampMillis) {
        Load load = new Load(mountId, path, stampMillis);
        loads.add(load);
        return load;
    }

    /** Tarn has put this into the store. So the directories above it are there, whatever an earlier look has said. */
    synchronized void put(long mountId, StoreStatus status, long nowMillis) {
        exclude(mountId, status.path());
        forgetAbsence(mountId, parent(status.path()));
        MirrorRow old = row(mountId, status.path());
        if (old != null && old.directory() && !status.directory()) {
            removeBelow(mountId, status.path());
        }
        MirrorRow row = MirrorRow.of(status, nowMillis);
        if (old != null && old.directory() && status.directory()) {
            row = row.withChildrenLoaded(old.childrenLoadedMillis());
        }
        Changes changes = new Changes();
        changes.put(Table.MIRROR, MirrorKeys.row(mountId, status.path()), row.encode());
        store.cache(changes);
    }

    /** Tarn has made sure that nothing is there. */
    synchronized void remove(long mountId, String path, long nowMillis) {
        exclude(mountId, path);
        removeBelow(mountId, path);
        Changes changes = new Changes();
        changes.put(
                Table.MIRROR,
                MirrorKeys.row(mountId, path),
                MirrorRow.absent(nowMillis).encode());
        store.cache(changes);
    }

    /** One place is empty and the other taken, at once. What lies below the target is looked at again when asked for. */
    synchronized void move(long mountId, String source, StoreStatus target, long nowMillis) {
        exclude(mountId, source);
        exclude(mountId, target.path());
        forgetAbsence(mountId, parent(target.path()));
        removeBelow(mountId, source);
        removeBelow(mountId, target.path());
        Changes changes = new Changes();
        changes.put(
                Table.MIRROR,
                MirrorKeys.row(mountId, source),
                MirrorRow.absent(nowMillis).encode());
        changes.put(
                Table.MIRROR,
                MirrorKeys.row(mountId, target.path()),
                MirrorRow.of(target, nowMillis).encode());
        store.cache(changes);
    }

    /** Looks at a few rows only. */
    boolean hasChildren(long mountId, String directory) {
        try (StateReader.Cursor cursor = store.scan(Table.MIRROR, MirrorKeys.children(mountId, directory), null)) {
            for (int rows = 0; rows < FEW_ROWS && cursor.next(); rows++) {
                if (MirrorRow.decode(cursor.value()).present()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Forgets what is known of a tree, so that the next look goes to the store. A listing under way leaves it alone, and so must not say that nothing is
     * there.
     */
    synchronized void forget(long mountId, String path) {
        exclude(mountId, path);
        removeBelow(mountId, path);
        Changes changes = new Changes();
        changes.delete(Table.MIRROR, MirrorKeys.row(mountId, path));
        String parent = parent(path);
        for (Load load : loads) {
            load.partial |= load.mountId == mountId && load.path.equals(parent);
        }
        MirrorRow parentRow = row(mountId, parent);
        if (parentRow != null && !path.isEmpty()) {
            changes.put(
                    Table.MIRROR,
                    MirrorKeys.row(mountId, parent),
                    parentRow.withChildrenLoaded(0).encode());
        }
        store.cache(changes);
    }

    /** A directory is there: forgets what says otherwise of it and of those above. */
    synchronized void forgetAbsence(long mountId, String directory) {
        for (String at = directory; !at.isEmpty(); at = parent(at)) {
            MirrorRow row = row(mountId, at);
            if (row != null && row.present()) {
                return;
            }
            MirrorRow listed = row(mountId, parent(at));
            if (row != null || (listed != null && listed.childrenLoadedMillis() != 0)) {
                forget(mountId, at);
            }
        }
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** Forgets all of a mount that is gone. */
    synchronized void forgetMount(long mountId) {
        removeAll(MirrorKeys.mount(mountId));
    }

    private void exclude(long mountId, String path) {
        for (Load load : loads) {
            if (load.mountId == mountId) {
                load.exclude(path);
            }
        }
    }

    /** Rows may be there of what lies deep below, and none of what lies between. */
    private void removeBelow(long mountId, String path) {
        int above = MirrorKeys.depth(path);
        for (int depth = nextDepth(mountId, above); depth != 0; depth = nextDepth(mountId, depth)) {
            removeAll(MirrorKeys.below(mountId, path, depth));
        }
    }

    /** The next depth at which a mount has any row; 0 where it has none. */
    private int nextDepth(long mountId, int depth) {
        byte[] end = MirrorKeys.endOfDepth(mountId, depth);
        try (StateReader.Cursor cursor = store.scan(Table.MIRROR, MirrorKeys.mount(mountId), end)) {
            return cursor.next() ? MirrorKeys.depth(cursor.key()) : 0;
        }
    }

    private void removeAll(byte[] prefix) {
        while (true) {
            Changes changes = new Changes();
            int rows = 0;
            try (StateReader.Cursor cursor = store.scan(Table.MIRROR, prefix, null)) {
                while (rows < BATCH_ROWS && cursor.next()) {
                    changes.delete(Table.MIRROR, cursor.key());
                    rows++;
                }
            }
            if (rows == 0) {
                return;
            }
            store.cache(changes);
        }
    }

    /** One look at the store. Used by one thread, but for {@link #exclude}. */
    final class Load implements AutoCloseable {
        private final long mountId;
        private final String path;
        private final long stampMillis;
        private final ConcurrentSkipListSet<String> excluded = new ConcurrentSkipListSet<>();
        private int exclusions;
        private boolean overrun;
        /** Something that it leaves alone has no row of its own: what it does not know may be there. */
        private boolean partial;

        private long changedRows;

        private Load(long mountId, String path, long stampMillis) {
            this.mountId = mountId;
            this.path = path;
            this.stampMillis = stampMillis;
        }

        long changedRows() {
            return changedRows;
        }

        /** Writes what was found, in bounded batches, except where Tarn has changed it since. */
        void found(List<StoreStatus> batch) {
            synchronized (MirrorTable.this) {
                Changes changes = new Changes();
                for (StoreStatus status : batch) {
                    if (isExcluded(status.path())) {
                        continue;
                    }
                    MirrorRow old = row(mountId, status.path());
                    MirrorRow row = MirrorRow.of(status, stampMillis);
                    changedRows += old != null && old.saysTheSame(row) ? 0 : 1;
                    if (old != null && old.directory() && row.directory()) {
                        row = row.withChildrenLoaded(old.childrenLoadedMillis());
                    } else if (old != null && old.directory()) {
                        removeBelow(mountId, status.path());
                    }
                    changes.put(Table.MIRROR, MirrorKeys.row(mountId, status.path()), row.encode());
                }
                if (!changes.isEmpty()) {
                    store.cache(changes);
                }
            }
        }

        /** Nothing is at the path of this load; or was not, where Tarn has made something there since. */
        void foundNothing() {
            synchronized (MirrorTable.this) {
                if (isChanged(path)) {
                    return;
                }
                MirrorRow old = row(mountId, path);
                changedRows += old != null && old.present() ? 1 : 0;
                if (old != null && old.directory()) {
                    removeBelow(mountId, path);
                }
                Changes changes = new Changes();
                changes.put(
                        Table.MIRROR,
                        MirrorKeys.row(mountId, path),
                        MirrorRow.absent(stampMillis).encode());
                store.cache(changes);
            }
        }

        /** All children have been found: drops rows that are older, and notes that the listing is whole. */
        void foundAllChildren() {
            byte[] prefix = MirrorKeys.children(mountId, path);
            byte[] after = null;
            do {
                after = dropStale(prefix, after);
            } while (after != null);
            synchronized (MirrorTable.this) {
                MirrorRow row = row(mountId, path);
                if (row != null && row.directory() && !overrun && !partial && !isExcluded(path)) {
                    Changes changes = new Changes();
                    changes.put(
                            Table.MIRROR,
                            MirrorKeys.row(mountId, path),
                            row.withChildrenLoaded(stampMillis).encode());
                    store.cache(changes);
                }
            }
        }

        private byte @Nullable [] dropStale(byte[] prefix, byte @Nullable [] after) {
            synchronized (MirrorTable.this) {
                List<byte[]> stale = new ArrayList<>();
                byte[] last = null;
                int seen = 0;
                try (StateReader.Cursor cursor = store.scan(Table.MIRROR, prefix, after)) {
                    while (seen < BATCH_ROWS && cursor.next()) {
                        seen++;
                        last = cursor.key();
                        MirrorRow row = MirrorRow.decode(cursor.value());
                        if (row.loadedMillis() < stampMillis && !isChanged(MirrorKeys.path(last))) {
                            stale.add(last);
                            changedRows += row.present() ? 1 : 0;
                        }
                    }
                }
                Changes changes = new Changes();
                for (byte[] key : stale) {
                    removeBelow(mountId, MirrorKeys.path(key));
                    changes.delete(Table.MIRROR, key);
                }
                if (!stale.isEmpty()) {
                    store.cache(changes);
                }
                return seen == BATCH_ROWS ? last : null;
            }
        }

        private void exclude(String changed) {
            if (exclusions >= MAX_EXCLUSIONS) {
                overrun = true;
            } else if (excluded.add(changed)) {
                exclusions++;
            }
        }

        /** Whether Tarn has changed it, or something above or below it, since this load began. */
        private boolean isChanged(String candidate) {
            String below = candidate.isEmpty() ? "" : candidate + "/";
            String next = excluded.ceiling(below);
            return isExcluded(candidate) || (next != null && next.startsWith(below));
        }

        private boolean isExcluded(String candidate) {
            if (overrun) {
                return true;
            }
            if (excluded.isEmpty()) {
                return false;
            }
            for (String top = candidate; ; top = parent(top)) {
                if (excluded.contains(top)) {
                    return true;
                }
                if (top.isEmpty()) {
                    return false;
                }
            }
        }

        @Override
        public void close() {
            loads.remove(this);
        }
    }
}
