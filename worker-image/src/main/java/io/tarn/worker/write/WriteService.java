package io.tarn.worker.write;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.metrics.WorkerMetrics;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.store.MountedStores;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens files for writing, by the write type that their ticket says. Safe for many threads. */
public final class WriteService {
    private static final Logger log = LoggerFactory.getLogger(WriteService.class);

    private final PageStore pages;
    private final MountedStores stores;
    private final ClusterView cluster;
    private final WorkerMetrics metrics;
    private final Executor threads;

    /** @param threads runs each task on a thread of its own (virtual threads) */
    public WriteService(
            PageStore pages, MountedStores stores, ClusterView cluster, WorkerMetrics metrics, Executor threads) {
        this.pages = pages;
        this.stores = stores;
        this.cluster = cluster;
        this.metrics = metrics;
        this.threads = threads;
    }

    /**
     * Opens a file; may block.
     *
     * @throws TarnException PERMISSION_DENIED where the ticket does not allow it, NO_STORE, and what the places written to throw
     */
    public WriteSession open(Ticket ticket, WriteReplies replies) throws TarnException {
        if (!ticket.getMayWrite()) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED, "the ticket for " + ticket.getPath() + " is for reading only");
        }
        String mount =
                ticket.hasBacking() ? stores.mountPath(ticket.getBacking().getMountId()) : WorkerMetrics.NO_MOUNT;
        WriteSession session = new WriteSession(ticket, target(ticket), replies, cluster, metrics.mount(mount));
        threads.execute(session);
        return session;
    }

    private WriteTarget target(Ticket ticket) throws TarnException {
        WriteType type = ticket.getWriteType();
        if (type == WriteType.WRITE_TYPE_DEFAULT) {
            type = ticket.hasBacking() ? WriteType.CACHE_THROUGH : WriteType.MUST_CACHE;
        }
        boolean cached = type != WriteType.THROUGH;
        boolean stored = type == WriteType.THROUGH || type == WriteType.CACHE_THROUGH;
        if (stored && !ticket.hasBacking()) {
            throw new TarnException(
                    ErrorCode.NO_STORE,
                    type + " needs an under store and " + ticket.getPath() + " has none; choose MUST_CACHE");
        }
        if (!stored) {
            return cacheTarget(ticket, false);
        }
        WriteTarget store = new StoreTarget(stores, ticket.getBacking());
        return cached ? throughTheCache(ticket, store) : store;
    }

    /** Where the cache takes no more files, the under store alone. */
    private WriteTarget throughTheCache(Ticket ticket, WriteTarget store) {
        try {
            return new BothTargets(store, cacheTarget(ticket, true), threads);
        } catch (TarnException e) {
            log.warn("{} is written past the cache: {}", ticket.getPath(), e.getMessage());
            return store;
        }
    }

    private WriteTarget cacheTarget(Ticket ticket, boolean optional) throws TarnException {
        FileVersion version = FileVersion.of(ticket.getVersion());
        return new CacheTarget(pages, version, ticket.getBacking().getMountId(), optional);
    }
}
