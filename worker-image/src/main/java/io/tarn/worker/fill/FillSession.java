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

    private final FillService service;
    private final FillSource source;
    private final boolean stores;
    private final IntPredicate present;
    private final AccessPattern pattern;
    private final int maxRequestPages;
    private final Set<FillRun> runs = new HashSet<>();

    FillSession(FillService service, FillSource source, boolean stores, IntPredicate present) {
        this.service = service;
        this.source = source;
        this.stores = stores;
        this.present = present;
        pattern = new AccessPattern(service.settings().readAhead().bytes());
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
     * Joins or starts the fetch of a page that a read has missed, and starts those of the pages after it that the read needs too.
     *
     * @param lastPage the last page of the read
     * @return the fetch, attached; or null where the page is in the page store by now
     */
    public @Nullable PageFill demand(int page, int lastPage) {
        PageFill fill = null;
        while (fill == null) {
            PageFill found = service.find(new PageKey(source.version(), page));
            if (found == null) {
                fill = startAttached(page, Math.min(lastPage, page + maxRequestPages - 1));
            } else if (join(found) && found.attach()) {
                fill = found;
            } else {
                service.remove(found);
            }
            if (fill == null && present(page)) {
                return null;
            }
        }
        request(page + 1, lastPage, false, maxRequestPages);
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
     * Notes a read and fetches ahead of it where the pattern asks for that.
     *
     * @param flags SEQUENTIAL and RANDOM of {@link io.tarn.protocol.frame.FrameHeader}
     */
    public void noteRead(long offset, long lengthBytes, int flags) {
        AccessPattern.Stream stream = pattern.read(offset, lengthBytes, flags);
        if (stream == null || lengthBytes == 0) {
            return;
        }
        int reading = pageOf(stream.endBytes() - 1);
        int target = Math.min(source.lastPage(), pageOf(stream.endBytes() - 1 + stream.windowBytes()));
        int from = Math.max(reading + 1, stream.requestedPage() + 1);
        int requestPages = (int) Math.clamp(stream.windowBytes() / 4 / PageStore.PAGE_BYTES, 1, maxRequestPages);
        boolean enough = target - from + 1 >= requestPages || target == source.lastPage();
        if (from <= target && enough) {
            stream.requestedUpTo(request(from, target, true, requestPages));
        }
    }

    /** @return the last page that is there or on its way, as far as this call has looked */
    private int request(int from, int to, boolean ahead, int requestPages) {
        int page = from;
        while (page <= to) {
            PageFill fill = service.find(new PageKey(source.version(), page));
            if (present(page) || (fill != null && join(fill))) {
                page++;
                continue;
            }
            int started = start(page, Math.min(to, page + requestPages - 1), ahead);
            if (started == 0) {
                break;
            }
            page += started;
        }
        return page - 1;
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
