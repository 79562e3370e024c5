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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Opens files for writing, by the write type that their ticket says. Safe for many threads. */
public final class WriteService {
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
     * @throws TarnException PERMISSION_DENIED where the ticket does not allow it, NO_STORE, UNSUPPORTED, and what the places written to throw
     */
    public WriteSession open(Ticket ticket, WriteReplies replies) throws TarnException {
        if (!ticket.getMayWrite()) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED, "the ticket for " + ticket.getPath() + " is for reading only");
        }
        String mount =
                ticket.hasBacking() ? stores.mountPath(ticket.getBacking().getMountId()) : WorkerMetrics.NO_MOUNT;
        WriteSession session = new WriteSession(ticket, targets(ticket), replies, cluster, metrics.mount(mount));
        threads.execute(session);
        return session;
    }

    /** The under store comes first: its commit decides under which version the pages go on to serve. */
    private List<WriteTarget> targets(Ticket ticket) throws TarnException {
        WriteType type = ticket.getWriteType();
        if (type == WriteType.WRITE_TYPE_DEFAULT) {
            type = ticket.hasBacking() ? WriteType.CACHE_THROUGH : WriteType.MUST_CACHE;
        }
        boolean cached = type == WriteType.MUST_CACHE || type == WriteType.CACHE_THROUGH;
        boolean stored = type == WriteType.THROUGH || type == WriteType.CACHE_THROUGH;
        if (!cached && !stored) {
            throw new TarnException(
                    ErrorCode.UNSUPPORTED, "this release does not write " + type + "; choose CACHE_THROUGH");
        }
        if (stored && !ticket.hasBacking()) {
            throw new TarnException(
                    ErrorCode.NO_STORE,
                    type + " needs an under store and " + ticket.getPath() + " has none; choose MUST_CACHE");
        }
        List<WriteTarget> targets = new ArrayList<>();
        if (stored) {
            targets.add(new StoreTarget(stores, ticket.getBacking()));
        }
        if (cached) {
            try {
                FileVersion version = FileVersion.of(ticket.getVersion());
                targets.add(new CacheTarget(pages, version, ticket.getBacking().getMountId(), stored));
            } catch (TarnException e) {
                if (!stored) {
                    throw e;
                }
            }
        }
        return targets;
    }
}
