package io.tarn.worker.write;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.OpenWrite;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.metrics.WorkerMetrics;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.peer.Peers;
import io.tarn.worker.persist.PersistedVersions;
import io.tarn.worker.pin.Pins;
import io.tarn.worker.store.MountedStores;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens files for writing, by the write type that their ticket says. Safe for many threads. */
public final class WriteService {
    private static final Logger log = LoggerFactory.getLogger(WriteService.class);
    private static final long END_MILLIS = 10_000;
    private static final int MAX_COPYING = 4;

    private final PageStore pages;
    private final Pins pins;
    private final RoomRequests rooms;
    private final MountedStores stores;
    private final ClusterView cluster;
    private final WorkerMetrics metrics;
    private final Executor threads;
    private final PersistedVersions persisted;
    private final Peers peers;
    private final Semaphore copying = new Semaphore(MAX_COPYING);
    private final Map<FileVersion, WriteSession> open = new ConcurrentHashMap<>();

    /** @param threads runs each task on a thread of its own (virtual threads) */
    public WriteService(
            PageStore pages,
            Pins pins,
            RoomRequests rooms,
            PersistedVersions persisted,
            MountedStores stores,
            ClusterView cluster,
            Peers peers,
            WorkerMetrics metrics,
            Executor threads) {
        this.pages = pages;
        this.pins = pins;
        this.rooms = rooms;
        this.persisted = persisted;
        this.stores = stores;
        this.cluster = cluster;
        this.peers = peers;
        this.metrics = metrics;
        this.threads = threads;
    }

    /**
     * Opens a file; may block. A session that has the same version open ends. The ticket may be an earlier leader's: one is given only after its file is in the journal, which
     * no later leader gives again.
     *
     * @throws TarnException PERMISSION_DENIED where the ticket does not allow it, NO_STORE, and what the places written to throw
     */
    public WriteSession open(OpenWrite request, WriteReplies replies) throws TarnException {
        Ticket ticket = cluster.signer().check(request.getTicket());
        if (!ticket.getMayWrite()) {
            throw new TarnException(
                    ErrorCode.PERMISSION_DENIED, "the ticket for " + ticket.getPath() + " is for reading only");
        }
        BaseCopy base = request.hasBaseTicket() ? base(request) : null;
        FileVersion version = FileVersion.of(ticket.getVersion());
        endEarlier(ticket, version);
        String mount =
                ticket.hasBacking() ? stores.mountPath(ticket.getBacking().getMountId()) : WorkerMetrics.NO_MOUNT;
        WriteSession session =
                new WriteSession(ticket, base, target(request, ticket), replies, cluster, metrics.mount(mount));
        open.put(version, session);
        threads.execute(() -> {
            try {
                session.run();
            } finally {
                open.remove(version, session);
            }
        });
        return session;
    }

    private BaseCopy base(OpenWrite request) throws TarnException {
        Ticket base = cluster.signer().check(request.getBaseTicket());
        return new BaseCopy(base, request.getBaseLengthBytes(), pages, persisted, stores);
    }

    /** A ticket of this cluster's present leader. */
    Ticket checked(SignedTicket signed) throws TarnException {
        Ticket ticket = cluster.signer().check(signed);
        cluster.requireCurrent(ticket.getEpoch());
        return ticket;
    }

    private void endEarlier(Ticket ticket, FileVersion version) throws TarnException {
        WriteSession earlier = open.get(version);
        if (earlier != null && !earlier.end(END_MILLIS)) {
            throw new TarnException(
                    ErrorCode.BUSY, "an earlier writer of " + ticket.getPath() + " is still ending", null, 1_000);
        }
    }

    /**
     * Gives a file that is complete and here to another worker, so that it is on as many as it should be.
     *
     * @param ticket names the workers that may take it, and the file's length
     * @return that worker's word
     * @throws TarnException NOT_FOUND or CORRUPT where it is not here, or not whole; UNAVAILABLE where none takes it
     */
    public SignedReceipt copy(SignedTicket signed, Ticket ticket) throws TarnException {
        copying.acquireUninterruptibly();
        try (CachedFile file = pages.find(FileVersion.of(ticket.getVersion()))) {
            if (file == null || file.lengthBytes() != ticket.getLengthBytes()) {
                throw new TarnException(ErrorCode.NOT_FOUND, "it is not here as a whole");
            }
            CopyTarget copy = CopyPlaces.ordered(peers, signed, ticket, cluster).next(List.of());
            try {
                PageCopy.run(file, pages(ticket.getLengthBytes()), copy);
                copy.commit(ticket.getLengthBytes(), null);
                return copy.receipt();
            } catch (TarnException e) {
                copy.abort();
                throw e;
            }
        } finally {
            copying.release();
        }
    }

    private static int pages(long lengthBytes) {
        return Math.toIntExact(Math.ceilDiv(lengthBytes, (long) PageStore.PAGE_BYTES));
    }

    /**
     * Seals a file whose writer has gone at its last flushed byte.
     *
     * @return for the master; of 0 bytes where nothing was flushed, and nothing is left then
     * @throws TarnException BUSY, or what the disk says: try again
     */
    public SignedReceipt seal(Ticket ticket) throws TarnException {
        FileVersion version = FileVersion.of(ticket.getVersion());
        endEarlier(ticket, version);
        long lengthBytes = 0;
        try (CachedFile file = pages.find(version)) {
            if (file != null) {
                lengthBytes = file.sealFlushed();
                if (ticket.getDurable()) {
                    file.force();
                }
            }
        }
        if (lengthBytes == 0) {
            pages.delete(version);
        }
        return cluster.signer().sign(Receipts.of(ticket, lengthBytes, null, null, cluster));
    }

    private WriteTarget target(OpenWrite request, Ticket ticket) throws TarnException {
        if (request.getCopy()) {
            return cacheTarget(ticket, false);
        }
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
            return copied(request.getTicket(), ticket, cacheTarget(ticket, false));
        }
        WriteTarget store = new StoreTarget(stores, ticket.getBacking());
        return cached ? throughTheCache(ticket, store) : store;
    }

    private WriteTarget copied(SignedTicket signed, Ticket ticket, CacheTarget local) throws TarnException {
        int others = ticket.getCopies() - 1;
        return others < 1
                ? local
                : new CopiedTarget(local, CopyPlaces.besideThisOne(peers, signed, ticket, cluster), others);
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

    private CacheTarget cacheTarget(Ticket ticket, boolean optional) throws TarnException {
        pins.opened(ticket);
        FileVersion version = FileVersion.of(ticket.getVersion());
        return new CacheTarget(
                pages, pins, rooms, version, ticket.getBacking().getMountId(), optional, ticket.getDurable());
    }
}
