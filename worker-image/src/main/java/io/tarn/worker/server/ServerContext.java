package io.tarn.worker.server;

import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.fill.FillService;
import io.tarn.worker.metrics.WorkerMetrics;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.persist.PersistedVersions;
import io.tarn.worker.pin.Pins;
import io.tarn.worker.store.MountedStores;
import io.tarn.worker.write.WriteService;
import java.util.concurrent.Executor;

/**
 * The parts of the worker that connections use.
 *
 * @param threads runs each task on a thread of its own (virtual threads), for all that may wait for a disk or a store
 */
public record ServerContext(
        ServerSettings settings,
        ClusterView cluster,
        PageStore pages,
        Pins pins,
        PersistedVersions persisted,
        MountedStores stores,
        FillService fills,
        WriteService writes,
        WorkerMetrics metrics,
        Executor threads) {}
