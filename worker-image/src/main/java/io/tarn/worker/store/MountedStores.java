package io.tarn.worker.store;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Mount;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The under stores of the mount table. A store whose mount is changed or removed is closed once its last user has gone. Safe for many threads; no
 * method waits for a store.
 */
public final class MountedStores implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MountedStores.class);

    private final UnderStores opener;
    private final Map<Long, Entry> entries = new HashMap<>();
    private boolean closed;

    public MountedStores(UnderStores opener) {
        this.opener = opener;
    }

    /** Takes a new mount table. A mount that cannot be opened fails its users, not this call. */
    public void replace(List<Mount> mounts) {
        List<UnderStore> unused = new ArrayList<>();
        synchronized (this) {
            Map<Long, Entry> old = new HashMap<>(entries);
            entries.clear();
            for (Mount mount : mounts) {
                Entry same = old.get(mount.getId());
                if (same != null && same.mount.equals(mount)) {
                    old.remove(mount.getId());
                    entries.put(mount.getId(), same);
                } else {
                    entries.put(mount.getId(), open(mount));
                }
            }
            old.values().forEach(entry -> entry.retire(unused));
        }
        unused.forEach(UnderStore::close);
    }

    private Entry open(Mount mount) {
        Entry entry = new Entry(mount);
        try {
            entry.store = opener.open(mount.getStoreUri(), mount.getOptions());
        } catch (TarnException e) {
            log.warn("cannot open the store of mount {}: {}", mount.getPath(), e.getMessage());
            entry.failure = e;
        }
        return entry;
    }

    /**
     * The store of a mount, kept open until the use is closed.
     *
     * @throws TarnException UNAVAILABLE where this worker does not know the mount (yet), and what opening it threw
     */
    public synchronized StoreUse use(long mountId) throws TarnException {
        Entry entry = entries.get(mountId);
        if (entry == null || closed) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "this worker does not know mount " + mountId + "; if it was not unmounted, try again in a moment");
        }
        UnderStore store = entry.store;
        if (store == null) {
            TarnException failure = entry.failure;
            throw failure != null
                    ? failure
                    : new TarnException(ErrorCode.INTERNAL, "mount " + mountId + " has no store");
        }
        entry.users++;
        return new StoreUse(store, () -> release(entry));
    }

    /** Whether reads of the mount's store demand a version by themselves; false where the mount is not known. */
    public synchronized boolean conditionalReads(long mountId) {
        Entry entry = entries.get(mountId);
        return entry != null
                && entry.store != null
                && entry.store.capabilities().conditionalReads();
    }

    /** Whether the mount is in the table. */
    public synchronized boolean isMounted(long mountId) {
        return entries.containsKey(mountId) && !closed;
    }

    /** The path of a mount in the namespace, for metrics and messages; "unknown" where it is not in the table. */
    public synchronized String mountPath(long mountId) {
        Entry entry = entries.get(mountId);
        return entry == null ? "unknown" : entry.mount.getPath();
    }

    private void release(Entry entry) {
        List<UnderStore> unused = new ArrayList<>();
        synchronized (this) {
            entry.users--;
            if (entry.retired) {
                entry.retire(unused);
            }
        }
        unused.forEach(UnderStore::close);
    }

    /** Closes stores as their last users leave. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        replace(List.of());
    }

    /** One mount and its store; guarded by the table. */
    private static final class Entry {
        private final Mount mount;
        private @Nullable UnderStore store;
        private @Nullable TarnException failure;
        private int users;
        private boolean retired;

        Entry(Mount mount) {
            this.mount = mount;
        }

        void retire(List<UnderStore> unused) {
            retired = true;
            if (users == 0 && store != null) {
                unused.add(store);
                store = null;
            }
        }
    }
}
