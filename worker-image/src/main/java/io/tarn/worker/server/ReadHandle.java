package io.tarn.worker.server;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.OpenRead;
import io.tarn.protocol.v1.ReadType;
import io.tarn.protocol.v1.Ticket;
import io.tarn.worker.fill.FillService;
import io.tarn.worker.fill.FillSession;
import io.tarn.worker.fill.FillSource;
import io.tarn.worker.fill.PageFill;
import io.tarn.worker.metrics.MountMeters;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.ExportedSegment;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.persist.Persisted;
import io.tarn.worker.persist.PersistedVersions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file open for reading through a connection. Used on the connection's event loop only, unless a method says otherwise. */
final class ReadHandle implements Handle {
    private final PageStore pages;
    private final FillService fillService;
    private final PersistedVersions persisted;
    private final MountMeters meters;
    private final boolean promote;
    private final ReadType readType;
    private final OpenRead request;
    private final WorkerSelector homes;
    private Ticket ticket;
    private volatile FileVersion version;
    private @Nullable FillSession fills;
    private @Nullable CachedFile file;
    private List<ExportedSegment> exported = List.of();
    private volatile boolean closed;

    /**
     * @param ticket of the request, or of what its file has become since
     * @throws TarnException INVALID_ARGUMENT where the ticket says in a newer release's words who has the file's pages
     */
    ReadHandle(Ticket ticket, OpenRead request, ServerContext server, MountMeters meters) throws TarnException {
        this.ticket = ticket;
        this.request = request;
        homes = ticket.getHomeWorkers().isEmpty() ? WorkerSelector.ANY : WorkerSelector.parse(ticket.getHomeWorkers());
        readType = request.getReadType();
        version = FileVersion.of(ticket.getVersion());
        pages = server.pages();
        fillService = server.fills();
        persisted = server.persisted();
        this.meters = meters;
        promote = readType == ReadType.READ_TYPE_DEFAULT || readType == ReadType.CACHE_PROMOTE;
        file = pages.find(version);
        fills = openFills();
    }

    private @Nullable FillSession openFills() {
        return ticket.hasBacking() && !request.getCachedOnly()
                ? fillService.open(source(), readType != ReadType.NO_CACHE, this::present)
                : null;
    }

    /** Goes on with what the version has become where it was brought to its under store since; returns the version that holds now. */
    FileVersion follow() {
        Persisted became = fills == null && !closed ? persisted.find(version) : null;
        if (became != null) {
            ticket = became.follow(ticket);
            version = became.version();
            fills = openFills();
        }
        return version;
    }

    private FillSource source() {
        return new FillSource(
                version, ticket.getLengthBytes(), ticket.getBacking(), ticket.getPath(), meters, sharing());
    }

    /** Others can be shown only what this ticket is for. */
    private FillSource.@Nullable Sharing sharing() {
        return ticket.getBlockSizeBytes() > 0 && request.getTicket().getTicket().equals(ticket.toByteString())
                ? new FillSource.Sharing(
                        request.getTicket(), ticket.getBlockSizeBytes(), request.getFromWorker(), homes)
                : null;
    }

    long lengthBytes() {
        return ticket.getLengthBytes();
    }

    Ticket ticket() {
        return ticket;
    }

    /** May be asked from any thread. */
    FileVersion version() {
        return version;
    }

    MountMeters meters() {
        return meters;
    }

    /** Where to fetch from, or null where no under store has the file. */
    @Nullable
    FillSource fillSource() {
        follow();
        return fills == null ? null : fills.source();
    }

    /** May be asked from any thread. */
    boolean closed() {
        return closed;
    }

    /** A page that can be read without waiting, or null. */
    @Nullable
    PageLease leaseNow(int page) {
        return file == null ? null : file.leaseNow(page);
    }

    /** Whether the page is in the page store; looks again for a file that appeared there since. */
    boolean present(int page) {
        FileVersion now = follow();
        CachedFile known = file;
        if (known != null && known.hasPage(page)) {
            return true;
        }
        CachedFile newer = pages.find(now);
        if (newer == null) {
            return false;
        }
        if (known != null && !newer.hasPage(page)) {
            newer.close();
            return false;
        }
        if (known != null) {
            known.close();
        }
        file = newer;
        return newer.hasPage(page);
    }

    /** Fetches a page that is not present; null where it has come meanwhile. */
    @Nullable
    PageFill demand(int page, int lastPage) throws TarnException {
        follow();
        if (fills == null) {
            throw new TarnException(
                    ErrorCode.NOT_FOUND,
                    "the bytes of " + ticket.getPath() + " at offset " + (long) page * PageStore.PAGE_BYTES
                            + " are not on this worker, and no under store has them");
        }
        return fills.demand(page, lastPage);
    }

    void noteRead(long offset, long lengthBytes, int flags) {
        if (fills != null) {
            fills.noteRead(offset, lengthBytes, flags);
        }
    }

    void fetchAhead() {
        if (fills != null) {
            fills.fetchAhead();
        }
    }

    /** The page was found in a lower tier. */
    void wantPromotion() {
        if (promote && file != null) {
            file.wantPromotion();
        }
    }

    /** Replaces the segments that TAKE may ask for. */
    void export(List<ExportedSegment> segments) {
        exported.forEach(ExportedSegment::close);
        exported = segments;
    }

    List<ExportedSegment> exported() {
        return exported;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        export(List.of());
        if (fills != null) {
            fills.close();
        }
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
