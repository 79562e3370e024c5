package io.tarn.worker.fill;

import io.tarn.worker.page.PageStore;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What one open file fetches from its under store: the pages that reads miss, and pages ahead of sequential reads. Closing it cancels what nobody else
 * wants. For one thread at a time; never blocks.
 */
public final class FillSession implements AutoCloseable {
    /** Where a store cannot check the version by the request, bytes show only at its end: keep requests short. */
    private static final int UNCHECKED_REQUEST_PAGES = 4;
    /** A window is fetched by so many requests: while one is read, the next is on its way. */
    private static final int REQUESTS_OF_WINDOW = 2;

    private final FillService service;
    private final FillSource source;
    private final boolean stores;
    private final IntPredicate present;
    private final AccessPattern pattern;
    private final int maxRequestPages;
    private final Set<FillRun> runs = new HashSet<>();
    /** The stream of the latest read, or null where it belongs to none. */
    private AccessPattern.@Nullable Stream stream;

    FillSession(FillService service, FillSource source, boolean stores, IntPredicate present) {
        this.service = service;
        this.source = source;
        this.stores = stores;
        this.present = present;
        pattern = new AccessPattern(
                service.settings().readAhead().bytes(),
                service.settings().requestSize().bytes());
        int pages = (int) (service.settings().requestSize().bytes() / PageStore.PAGE_BYTES);
        boolean checked = service.stores().conditionalReads(source.backing().getMountId());
        maxRequestPages = Math.max(1, checked ? pages : Math.min(pages, UNCHECKED_REQUEST_PAGES));
    }

    public FillSource source() {
        return source;
    }

    /** Whether the pages that this session fetches or joins are to be stored. */
    boolean stores() {
        return stores;
    }

    boolean present(int page) {
        return present.test(page);
    }

    /**
     * Joins or starts the fetch of a page that a read has missed, and starts those of the pages after it that the read needs too. One request brings
     * what is fetched ahead of the read along.
     *
     * @param lastPage the last page of the read
     * @return the fetch, attached; or null where the page is in the page store by now
     */
    public @Nullable PageFill demand(int page, int lastPage) {
        PageFill fill = null;
        while (fill == null) {
            PageFill found = service.find(new PageKey(source.version(), page));
            if (found == null) {
                fill = startAttached(page, withAhead(page, lastPage));
            } else if (join(found) && found.attach()) {
                fill = found;
            } else {
                service.remove(found);
            }
            if (fill == null && present(page)) {
                return null;
            }
        }
        request(page + 1, lastPage);
        return fill;
    }

    /** Attached before it runs, so that its end, however early, reaches the reader. */
    private @Nullable PageFill startAttached(int first, int last) {
        FillRun run = service.prepare(this, first, last, false);
        if (run == null) {
            return null;
        }
        note(run);
        PageFill fill = run.first();
        boolean attached = fill.attach();
        service.launch(run);
        return attached ? fill : null;
    }

    /**
     * Notes a read, before what it misses is demanded.
     *
     * @param flags SEQUENTIAL and RANDOM of {@link io.tarn.protocol.frame.FrameHeader}
     */
    public void noteRead(long offset, long lengthBytes, int flags) {
        stream = lengthBytes == 0 ? null : pattern.read(offset, lengthBytes, flags);
    }

    /** The last page to ask for by the request for {@code page}, of a read that ends at {@code lastPage}. */
    private int withAhead(int page, int lastPage) {
        AccessPattern.Stream current = stream;
        int wanted = Math.min(lastPage, page + maxRequestPages - 1);
        if (current == null || pageOf(current.endBytes() - 1) != lastPage || !service.hasRoomAhead()) {
            return wanted;
        }
        return Math.max(wanted, Math.min(aheadOf(current), lastOfRequest(page, maxRequestPages)));
    }

    /** Requests ahead end at multiples of their size: so those of several readers of a file fit together without small pieces between them. */
    private static int lastOfRequest(int page, int requestPages) {
        return (page / requestPages + 1) * requestPages - 1;
    }

    private int aheadOf(AccessPattern.Stream current) {
        return Math.min(source.lastPage(), pageOf(current.endBytes() - 1 + current.windowBytes()));
    }

    /** Fetches ahead of the read that was noted last where the pattern asks for that. */
    public void fetchAhead() {
        AccessPattern.Stream current = stream;
        if (current == null) {
            return;
        }
        int reading = pageOf(current.endBytes() - 1);
        int target = aheadOf(current);
        int from = Math.max(reading + 1, current.requestedPage() + 1);
        int requestPages =
                (int) Math.clamp(current.windowBytes() / REQUESTS_OF_WINDOW / PageStore.PAGE_BYTES, 1, maxRequestPages);
        if (from <= target) {
            current.requestedUpTo(requestAhead(from, target, requestPages));
        }
    }

    /** @return the last page that is there or on its way, as far as this call has looked */
    private int requestAhead(int from, int to, int requestPages) {
        int page = from;
        while (page <= to) {
            int last = Math.min(source.lastPage(), lastOfRequest(page, requestPages));
            if (cachedOrJoined(page)) {
                page++;
            } else if (last > to) {
                break;
            } else {
                int started = start(page, last, true);
                if (started == 0) {
                    break;
                }
                page += started;
            }
        }
        return page - 1;
    }

    private void request(int from, int to) {
        int page = from;
        while (page <= to) {
            page += cachedOrJoined(page)
                    ? 1
                    : Math.max(1, start(page, Math.min(to, page + maxRequestPages - 1), false));
        }
    }

    private boolean cachedOrJoined(int page) {
        PageFill fill = service.find(new PageKey(source.version(), page));
        return present(page) || (fill != null && join(fill));
    }

    private int start(int first, int last, boolean ahead) {
        FillRun run = service.prepare(this, first, last, ahead);
        if (run == null) {
            return 0;
        }
        note(run);
        service.launch(run);
        return run.pages();
    }

    private boolean join(PageFill fill) {
        boolean joined = fill.run().join(this);
        if (joined) {
            note(fill.run());
        }
        return joined;
    }

    private void note(FillRun run) {
        if (runs.add(run)) {
            runs.removeIf(FillRun::idle);
        }
    }

    /** Leaves all fetches; those that nobody else is interested in stop. */
    @Override
    public void close() {
        runs.forEach(run -> run.leave(this));
        runs.clear();
    }

    private static int pageOf(long offset) {
        return (int) (offset / PageStore.PAGE_BYTES);
    }
}
