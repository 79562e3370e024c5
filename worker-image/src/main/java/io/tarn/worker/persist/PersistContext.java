package io.tarn.worker.persist;

import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.pin.Pins;
import io.tarn.worker.store.MountedStores;
import java.util.concurrent.Semaphore;

/**
 * What every persist uses.
 *
 * @param slots held from the first page to the end, so that memory and open uploads are bounded
 */
record PersistContext(
        PageStore pages,
        Pins pins,
        MountedStores stores,
        ClusterView cluster,
        PersistedVersions persisted,
        Semaphore slots,
        Reports reports) {}
