package io.tarn.master.mirror;

import io.tarn.master.record.MountEntry;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.understore.UnderStore;
import io.tarn.understore.UnderStores;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** The open under store of each mount, opened at its first use, and changed by the leader only. Safe for many threads. */
public final class MountedStores implements AutoCloseable {
    private final UnderStores stores;
    private final BooleanSupplier leads;
    private final Map<Long, UnderStore> open = new ConcurrentHashMap<>();

    /** @param leads whether this master leads, at this moment */
    public MountedStores(UnderStores stores, BooleanSupplier leads) {
        this.stores = stores;
        this.leads = leads;
    }

    /** The store of a mount. */
    public UnderStore of(MountEntry mount) throws TarnException {
        UnderStore store = open.get(mount.id());
        if (store != null) {
            return store;
        }
        UnderStore opened = new LeadersStore(stores.open(mount.storeUri(), mount.options()), leads);
        UnderStore earlier = open.putIfAbsent(mount.id(), opened);
        if (earlier != null) {
            opened.close();
            return earlier;
        }
        return opened;
    }

    /** Opens a store that is to be mounted, without keeping it. */
    public UnderStore open(String storeUri, MountOptions options) throws TarnException {
        return stores.open(storeUri, options);
    }

    /** The mount is gone. */
    public void forget(long mountId) {
        UnderStore store = open.remove(mountId);
        if (store != null) {
            store.close();
        }
    }

    @Override
    public void close() {
        open.keySet().forEach(this::forget);
    }
}
