package io.tarn.worker.fill;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.store.MountedStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All pages on their way from under stores: at most one fetch of a page at a time, whoever wants it; a bound on memory and on requests in flight. Safe
 * for many threads; only the runs themselves wait for stores.
 *
 * <p>A page that could not be stored (no room, or nobody wants it cached) is kept in this memory for its readers until the last session that was
 * interested has closed or the memory is needed.
 */
public final class FillService {
    private final FillSettings settings;
    private final MountedStores stores;
    private final PeerFetch peers;
    private final PageStore pages;
    private final Executor threads;
    private final LocalCopies copies;
    private final FillMemory memory;
    private final Semaphore requests;
    private final Semaphore aheadRequests;
    private final ConcurrentMap<PageKey, PageFill> inFlight = new ConcurrentHashMap<>();
    private final Queue<PageFill> kept = new ConcurrentLinkedQueue<>();

    /** @param threads runs each task on a thread of its own (virtual threads) */
    public FillService(
            FillSettings settings, MountedStores stores, PeerFetch peers, PageStore pages, Executor threads) {
        this.settings = settings;
        this.stores = stores;
        this.peers = peers;
        this.pages = pages;
        this.threads = threads;
        copies = new LocalCopies(pages, settings.localCopiesPercent());
        memory = new FillMemory(settings.memory().bytes(), this::reclaim);
        requests = new Semaphore(settings.maxRequests(), true);
        aheadRequests = new Semaphore(Math.max(1, settings.maxRequests() / 2));
    }

    /**
     * Opens a session for one open file.
     *
     * @param store whether fetched pages are to be stored
     * @param present whether a page is in the page store
     */
    public FillSession open(FillSource source, boolean store, IntPredicate present) {
        return new FillSession(this, source, store, present);
    }

    /** Pages whose fetch is going on or that are kept without being stored. */
    public int pagesInFlight() {
        return inFlight.size();
    }

    /** Memory for pages in flight that nobody uses now. */
    public long freeMemoryBytes() {
        return memory.freeBytes();
    }

    FillSettings settings() {
        return settings;
    }

    MountedStores stores() {
        return stores;
    }

    PeerFetch peers() {
        return peers;
    }

    PageStore pages() {
        return pages;
    }

    LocalCopies copies() {
        return copies;
    }

    FillMemory memory() {
        return memory;
    }

    ByteBuf buffer(int bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
    }

    @Nullable
    PageFill find(PageKey key) {
        return inFlight.get(key);
    }

    /**
     * Claims the missing pages of a row, up to the first that is there or on its way; {@link #launch} must follow.
     *
     * @param ahead nobody waits yet: only where there is capacity to spare
     * @return the run, or null where {@code first} itself is there or on its way, or there is no capacity to spare
     */
    @Nullable
    FillRun prepare(FillSession session, int first, int last, boolean ahead) {
        if (ahead && !(hasRoomAhead() && aheadRequests.tryAcquire())) {
            return null;
        }
        FillRun run = new FillRun(this, session.source(), ahead);
        run.join(session);
        List<PageFill> claimed = claim(run, session, first, last);
        if (claimed.isEmpty()) {
            if (ahead) {
                aheadRequests.release();
            }
            return null;
        }
        run.claim(claimed);
        return run;
    }

    /** Whether there is memory to spare for pages that nobody waits for yet. */
    boolean hasRoomAhead() {
        return memory.freeBytes() >= memory.capacityBytes() / 4;
    }

    void launch(FillRun run) {
        threads.execute(() -> execute(run));
    }

    private List<PageFill> claim(FillRun run, FillSession session, int first, int last) {
        FillSource source = session.source();
        List<PageFill> claimed = new ArrayList<>();
        for (int page = first; page <= last; page++) {
            if (!source.sameHome(first, page) || session.present(page)) {
                break;
            }
            PageKey key = new PageKey(source.version(), page);
            PageFill fill = new PageFill(key, source.pageLength(page), run);
            if (inFlight.putIfAbsent(key, fill) != null) {
                break;
            }
            // A fetch may have ended between the look and the claim: its page is stored before it leaves the map.
            if (session.present(page)) {
                inFlight.remove(key, fill);
                fill.abandon();
                break;
            }
            claimed.add(fill);
        }
        return claimed;
    }

    private void execute(FillRun run) {
        try {
            requests.acquire();
            try {
                run.run();
            } finally {
                requests.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (run.isAhead()) {
                aheadRequests.release();
            }
        }
    }

    void remove(PageFill fill) {
        inFlight.remove(fill.key(), fill);
    }

    void abandon(List<PageFill> fills) {
        for (PageFill fill : fills) {
            remove(fill);
            fill.abandon();
        }
    }

    /** All bytes of a page are there; what was not stored is kept while somebody may want it. */
    void completed(PageFill fill, boolean stored) {
        if (stored || fill.run().deserted() || memory.contended()) {
            remove(fill);
            fill.letGo();
        } else {
            fill.run().keptPages().incrementAndGet();
            kept.add(fill);
            if (fill.run().deserted()) {
                dropKept(List.of(fill));
            }
        }
    }

    void readerLeft(PageFill fill) {
        if (memory.contended()) {
            dropIfIdle(fill);
        }
    }

    /** The sessions of these have closed. */
    void dropKept(List<PageFill> fills) {
        for (PageFill fill : fills) {
            drop(fill);
        }
    }

    private void dropIfIdle(PageFill fill) {
        if (fill.idle()) {
            drop(fill);
        }
    }

    private void drop(PageFill fill) {
        if (kept.remove(fill)) {
            fill.run().keptPages().decrementAndGet();
            remove(fill);
            fill.letGo();
        }
    }

    private void reclaim() {
        kept.forEach(this::dropIfIdle);
    }
}
