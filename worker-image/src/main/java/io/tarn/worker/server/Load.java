package io.tarn.worker.server;

import io.netty.channel.ChannelHandlerContext;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.Frame;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.LoadRange;
import io.tarn.protocol.v1.LoadedRange;
import io.tarn.worker.fill.FillSession;
import io.tarn.worker.fill.FillSource;
import io.tarn.worker.fill.PageFill;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.PageStore;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One LOAD: brings a range into the cache, page by page with those after it under way, no faster than asked for, and tells how far it has come. Runs on
 * a thread of its own; stops when the connection or the handle closes.
 */
final class Load {
    private static final int PAGES_UNDER_WAY = 32;
    private static final int REPORT_PAGES = 8;

    private final ServerContext server;
    private final ReadHandle handle;
    private final FrameHeader request;
    private final LoadRange range;
    private final ChannelHandlerContext context;
    private final long startedNanos = System.nanoTime();
    private @Nullable CachedFile file;
    private final BitSet missing = new BitSet();
    private int lookedAt;
    private long cachedBytes;
    private long fetchedBytes;

    Load(ServerContext server, ReadHandle handle, FrameHeader request, LoadRange range, ChannelHandlerContext context) {
        this.server = server;
        this.handle = handle;
        this.request = request;
        this.range = range;
        this.context = context;
    }

    /** @return the last answer */
    Frame run() throws TarnException {
        FillSource source = handle.fillSource();
        if (source == null) {
            throw new TarnException(
                    ErrorCode.NO_STORE, handle.ticket().getPath() + " is in no under store to load it from");
        }
        long offset = Math.min(request.offset(), source.lengthBytes());
        long length = Math.clamp(range.getLengthBytes(), 0, source.lengthBytes() - offset);
        long end = offset + length;
        lookedAt = (int) (offset / PageStore.PAGE_BYTES);
        try (FillSession session = server.fills().open(source, true, this::present)) {
            for (long position = offset; position < end; ) {
                requireWanted();
                int page = (int) (position / PageStore.PAGE_BYTES);
                int last = (int) Math.min((end - 1) / PageStore.PAGE_BYTES, (long) page + PAGES_UNDER_WAY - 1);
                look(source, paced() ? page : last);
                load(session, source, page, paced() ? page : last);
                position = Math.min(end, (page + 1L) * PageStore.PAGE_BYTES);
                if (page % REPORT_PAGES == REPORT_PAGES - 1 && position < end) {
                    context.writeAndFlush(report(position, 0));
                }
                pace();
            }
        } finally {
            closeFile();
        }
        return report(end, FrameHeader.LAST);
    }

    /** Tells pages that were here before from those that this load brings. */
    private void look(FillSource source, int last) {
        for (; lookedAt <= last; lookedAt++) {
            if (present(lookedAt)) {
                cachedBytes += source.pageLength(lookedAt);
            } else {
                missing.set(lookedAt);
            }
        }
    }

    private void load(FillSession session, FillSource source, int page, int last) throws TarnException {
        if (!missing.get(page)) {
            return;
        }
        int bytes = source.pageLength(page);
        PageFill fill = present(page) ? null : session.demand(page, last);
        if (fill != null) {
            try {
                await(fill);
            } finally {
                fill.detach();
            }
        }
        missing.clear(page);
        fetchedBytes += bytes;
    }

    private void await(PageFill fill) throws TarnException {
        boolean stored = fill.outcome().join();
        TarnException failure = fill.failure();
        if (failure != null) {
            throw failure;
        }
        if (fill.abandoned()) {
            throw new TarnException(ErrorCode.BUSY, "the fetch was given up; load again", null, 100);
        }
        if (!stored) {
            throw new TarnException(
                    ErrorCode.NO_SPACE,
                    "the cache of this worker has no room for more of "
                            + handle.ticket().getPath()
                            + ", or its mount has as much as its cache limit allows; unpin or free something, raise the"
                            + " limit, or add capacity (worker.tiers.*.capacity)");
        }
    }

    private boolean present(int page) {
        if (file == null) {
            file = server.pages().find(handle.version());
        }
        return file != null && file.hasPage(page);
    }

    private boolean paced() {
        return range.getBytesPerSecond() > 0;
    }

    /** Waits until the bytes fetched so far are within the rate. */
    private void pace() {
        if (!paced()) {
            return;
        }
        long dueNanos = (long) (fetchedBytes * 1e9 / range.getBytesPerSecond());
        long waitNanos = startedNanos + dueNanos - System.nanoTime();
        while (waitNanos > 0 && context.channel().isActive()) {
            LockSupport.parkNanos(Math.min(waitNanos, 100_000_000));
            waitNanos = startedNanos + dueNanos - System.nanoTime();
        }
    }

    private void requireWanted() throws TarnException {
        if (handle.closed() || !context.channel().isActive()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "the handle was closed while it was loaded");
        }
    }

    private Frame report(long position, int flags) {
        LoadedRange loaded = LoadedRange.newBuilder()
                .setAlreadyCachedBytes(cachedBytes)
                .setFetchedBytes(fetchedBytes)
                .build();
        FrameHeader header = FrameHeader.of(FrameType.LOADED, request.requestId())
                .at(0, position)
                .withFlags(flags);
        return Frame.of(header, loaded.toByteArray());
    }

    private void closeFile() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
