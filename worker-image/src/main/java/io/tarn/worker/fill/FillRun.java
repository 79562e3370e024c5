package io.tarn.worker.fill;

import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.store.StoreUse;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ranged request, to the home of a row of pages or to their under store, which fills them in order. Where a worker fails, the next source goes on at the byte where it
 * stopped. Runs on a virtual thread of its own.
 *
 * <p>Where the store checks the version by the request itself, bytes go to waiting readers as they arrive, and each page is stored when it is whole.
 * Where the version can only be looked at before and after, nothing is shown or stored before the whole request has succeeded. A run that no session
 * is interested in any more does not begin. One that has begun brings what it has asked for where that is stored: else those bytes would cross from the store
 * again when the next reader comes, which may be the same one, gone to another worker because this one was slow. Where nothing is stored it stops, but not
 * before the pages that some reader has waited for.
 */
final class FillRun implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(FillRun.class);

    private final FillService service;
    private final FillSource source;
    private final boolean ahead;
    private final Set<FillSession> interested = new HashSet<>();
    private volatile List<PageFill> fills = List.of();
    private volatile boolean storing;
    private boolean stopped;
    private volatile boolean finished;
    private final AtomicInteger keptPages = new AtomicInteger();
    private boolean streaming;
    private boolean homeElsewhere;
    /** The first page that is not complete, and the one that takes the next bytes: the same while streaming. */
    private int current;

    private int accepting;
    private @Nullable CachedFile file;

    FillRun(FillService service, FillSource source, boolean ahead) {
        this.service = service;
        this.source = source;
        this.ahead = ahead;
    }

    /** @param claimed pages without a gap, at least one */
    void claim(List<PageFill> claimed) {
        fills = List.copyOf(claimed);
    }

    FillSource source() {
        return source;
    }

    /** Nothing is left of it: it has ended, and none of its pages is kept. */
    boolean idle() {
        return finished && keptPages.get() == 0;
    }

    PageFill first() {
        return fills.getFirst();
    }

    int pages() {
        return fills.size();
    }

    /** Counts the pages that are kept without being stored. */
    AtomicInteger keptPages() {
        return keptPages;
    }

    boolean isAhead() {
        return ahead;
    }

    /** False where the run has stopped: the rest of its pages will not come. */
    synchronized boolean join(FillSession session) {
        if (stopped) {
            return false;
        }
        storing |= session.stores();
        interested.add(session);
        return true;
    }

    /** When the last session leaves, what is only kept for it is dropped. */
    void leave(FillSession session) {
        synchronized (this) {
            interested.remove(session);
            if (!interested.isEmpty()) {
                return;
            }
        }
        service.dropKept(fills);
    }

    /** No session is interested any more. */
    synchronized boolean deserted() {
        return interested.isEmpty();
    }

    void readerLeft(PageFill fill) {
        service.readerLeft(fill);
    }

    void memoryFreed(long bytes) {
        service.memory().release(bytes);
    }

    @Override
    public void run() {
        try {
            fetch();
        } catch (FillCancelled e) {
            service.abandon(remaining());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            service.abandon(remaining());
        } catch (TarnException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            log.error("unexpected failure while reading {}", source.displayPath(), e);
            fail(new TarnException(ErrorCode.INTERNAL, "unexpected failure: " + e, e));
        } finally {
            finished = true;
            closeFile();
        }
    }

    private void fetch() throws TarnException, InterruptedException {
        requireInterest();
        List<PeerFetch.Place> places =
                service.peers().places(source, first().key().page());
        homeElsewhere = places.stream().anyMatch(place -> !place.cachedOnly());
        for (PeerFetch.Place place : places) {
            if (fetchFromPeer(place)) {
                return;
            }
        }
        fetchFromStore();
    }

    /** Whether all has come; what a store has said to another worker is final. */
    private boolean fetchFromPeer(PeerFetch.Place place) throws TarnException {
        streaming = true;
        try {
            service.peers().read(place, position(), end() - position(), bytes -> {
                source.meters().peerBytes(bytes.remaining());
                accept(bytes);
            });
        } catch (TarnException e) {
            if (e.code().kind() == ErrorCode.Kind.STORE) {
                throw e;
            }
            if (e.code() != ErrorCode.NOT_FOUND) {
                log.info("{} is read from elsewhere: {}", source.displayPath(), e.getMessage());
            }
        }
        return accepting == fills.size();
    }

    private void fetchFromStore() throws TarnException, InterruptedException {
        try (StoreUse use = service.stores().use(source.backing().getMountId())) {
            streaming = use.store().capabilities().conditionalReads();
            if (!streaming) {
                beginAll();
            }
            source.meters().storeRequest();
            use.store()
                    .read(
                            source.backing().getPath(),
                            source.backing().getVersionTag(),
                            position(),
                            end() - position(),
                            bytes -> {
                                source.meters().storeBytes(bytes.remaining());
                                accept(bytes);
                            });
        }
        if (streaming ? current < fills.size() : !fills.getLast().full()) {
            throw new TarnException(
                    ErrorCode.STORE_UNAVAILABLE, "the store ended its answer early; a retry may succeed");
        }
        while (current < fills.size()) {
            complete(fills.get(current));
        }
    }

    /** Where the next byte belongs. */
    private long position() {
        PageFill next = fills.get(accepting);
        return offsetOf(next) + next.writtenBytes();
    }

    private long end() {
        return offsetOf(fills.getLast()) + fills.getLast().lengthBytes();
    }

    private void beginAll() throws InterruptedException {
        List<PageFill> waiting = fills.stream().filter(fill -> !fill.begun()).toList();
        service.memory()
                .acquire(waiting.stream().mapToLong(PageFill::lengthBytes).sum());
        waiting.forEach(fill -> fill.begin(service.buffer(fill.lengthBytes())));
    }

    private void accept(ByteBuffer bytes) throws TarnException {
        while (bytes.hasRemaining()) {
            if (!storing) {
                requireInterest();
            }
            if (accepting == fills.size()) {
                throw new TarnException(ErrorCode.STORE_UNAVAILABLE, "more bytes came than were asked for");
            }
            PageFill fill = fills.get(accepting);
            if (streaming && !fill.begun()) {
                begin(fill);
            }
            fill.append(bytes, streaming);
            if (fill.full()) {
                accepting++;
                if (streaming) {
                    complete(fill);
                }
            }
        }
    }

    private void begin(PageFill fill) {
        try {
            service.memory().acquire(fill.lengthBytes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FillCancelled();
        }
        fill.begin(service.buffer(fill.lengthBytes()));
    }

    private void complete(PageFill fill) {
        if (!streaming) {
            fill.publish();
        }
        boolean stored = storing && store(fill);
        if (stored && homeElsewhere) {
            service.copies().stored(fill.key(), fill.lengthBytes());
        }
        current++;
        source.meters().filled(fill.ageNanos());
        service.completed(fill, stored);
        fill.outcome().complete(stored);
    }

    /** What cannot be stored is served all the same. */
    private boolean store(PageFill fill) {
        try {
            CachedFile target = file;
            if (target == null) {
                target = service.pages()
                        .open(
                                source.version(),
                                source.lengthBytes(),
                                true,
                                source.backing().getMountId());
                file = target;
            }
            ByteBuffer content = fill.content();
            return target.store(fill.key().page(), content, PageChecksum.of(content));
        } catch (TarnException e) {
            storing = false;
            log.warn("pages of {} are served uncached: {}", source.displayPath(), e.getMessage());
            return false;
        }
    }

    private void fail(TarnException cause) {
        source.meters().storeFailure();
        for (PageFill fill : remaining()) {
            service.remove(fill);
            fill.fail(new TarnException(
                    cause.code(),
                    "cannot read " + source.displayPath() + " at offset " + offsetOf(fill) + ": " + cause.getMessage(),
                    cause,
                    cause.retryAfterMillis()));
        }
    }

    private List<PageFill> remaining() {
        return fills.subList(current, fills.size());
    }

    private synchronized void requireInterest() {
        if (interested.isEmpty() && remaining().stream().noneMatch(PageFill::wanted)) {
            stopped = true;
            throw new FillCancelled();
        }
    }

    private void closeFile() {
        CachedFile open = file;
        if (open != null) {
            open.close();
        }
    }

    private static long offsetOf(PageFill fill) {
        return (long) fill.key().page() * PageStore.PAGE_BYTES;
    }

    /** Thrown through an under store's read when nobody wants the bytes any more. */
    private static final class FillCancelled extends RuntimeException {
        private static final long serialVersionUID = 1;

        FillCancelled() {
            super("nobody waits for these pages any more", null, false, false);
        }
    }
}
