package io.tarn.worker.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollSocketChannel;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.worker.page.CachedFile;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The READs of one connection: those that can send take turns, one piece each, while the connection takes bytes. Used on its event loop; what has to
 * wait for a disk is done on other threads and comes back to it.
 */
final class Reads {
    /** Below this a copy is cheaper than a sendfile. */
    static final int SENDFILE_BYTES = 64 << 10;

    static final String TOP_TIER = "MEM";

    private static final Logger log = LoggerFactory.getLogger(Reads.class);

    /** Takes the end of each READ. */
    interface Owner {
        /** @param failure null where it was answered whole */
        void readEnded(ReadRequest request, @Nullable TarnException failure);
    }

    private final ChannelHandlerContext context;
    private final PageStore pages;
    private final Executor threads;
    private final Owner owner;
    private final ArrayDeque<ReadRequest> ready = new ArrayDeque<>();
    private final Set<ReadRequest> active = new HashSet<>();
    private boolean pageWritten;

    Reads(ChannelHandlerContext context, PageStore pages, Executor threads, Owner owner) {
        this.context = context;
        this.pages = pages;
        this.threads = threads;
        this.owner = owner;
    }

    /** A page follows its header by a sendfile of its own. */
    void pageWritten() {
        pageWritten = true;
    }

    /** Sends what was written; a page's header does not leave in a packet of its own, which would wake the peer for nothing. */
    void flush() {
        if (pageWritten && context.channel() instanceof EpollSocketChannel tcp && tcp.isActive()) {
            tcp.config().setTcpCork(true);
            context.flush();
            if (tcp.isActive()) {
                tcp.config().setTcpCork(false);
            }
        } else {
            context.flush();
        }
        pageWritten = false;
    }

    ChannelHandlerContext context() {
        return context;
    }

    Executor executor() {
        return context.executor();
    }

    void begin(ReadRequest request) {
        active.add(request);
        ready.add(request);
    }

    /** Sends pieces while the connection takes them; does not flush. */
    void pump() {
        while (!ready.isEmpty() && context.channel().isWritable()) {
            ReadRequest request = ready.remove();
            if (request.done()) {
                continue;
            }
            try {
                switch (request.step(context)) {
                    case SENT -> ready.add(request);
                    case DONE -> end(request, null);
                    case WAITING -> {}
                }
            } catch (TarnException e) {
                end(request, e);
            } catch (RuntimeException | Error e) {
                log.error(
                        "unexpected failure while reading {}",
                        request.handle().ticket().getPath(),
                        e);
                end(request, new TarnException(ErrorCode.INTERNAL, "unexpected failure: " + e, e));
            }
        }
    }

    /** Goes on with a READ that waited. */
    void resume(ReadRequest request) {
        if (!request.done()) {
            ready.add(request);
            pump();
            flush();
        }
    }

    private void end(ReadRequest request, @Nullable TarnException failure) {
        if (active.remove(request)) {
            request.finish();
            owner.readEnded(request, failure);
        }
    }

    /** Ends the READs that match. */
    void fail(Predicate<ReadRequest> which, TarnException failure) {
        List<ReadRequest> matching = new ArrayList<>(active);
        matching.removeIf(which.negate());
        matching.forEach(request -> end(request, failure));
    }

    /** Reads what the position needs of a page on a thread that may wait for the disk, then goes on. */
    void leaseElsewhere(ReadRequest request, int page) {
        int from = request.offsetInPage();
        int wanted = request.wantedOfPage();
        threads.execute(() -> {
            try {
                Piece piece = read(request, page, from, wanted);
                executor().execute(() -> sendElsewhere(request, piece));
            } catch (TarnException e) {
                failElsewhere(request, named(request, e));
            } catch (RuntimeException | Error e) {
                log.error("unexpected failure while reading a page", e);
                failElsewhere(request, new TarnException(ErrorCode.INTERNAL, "unexpected failure: " + e, e));
            }
        });
    }

    private static TarnException named(ReadRequest request, TarnException failure) {
        return failure.code() == ErrorCode.CORRUPT
                ? new TarnException(
                        ErrorCode.CORRUPT,
                        "cannot read " + request.handle().ticket().getPath() + ": " + failure.getMessage(),
                        failure)
                : failure;
    }

    private void failElsewhere(ReadRequest request, TarnException failure) {
        executor().execute(() -> {
            end(request, failure);
            flush();
        });
    }

    /** Bytes that were read elsewhere. */
    private record Piece(ByteBuf bytes, int crc32c, String tier) {}

    private @Nullable Piece read(ReadRequest request, int page, int from, int wanted) throws TarnException {
        try (CachedFile file = pages.find(request.handle().version())) {
            PageLease lease = file == null ? null : file.lease(page);
            if (lease == null) {
                return null;
            }
            try (lease) {
                int count = Math.min(wanted, lease.length() - from);
                ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(count, count);
                boolean filled = false;
                try {
                    lease.read(from, bytes.nioBuffer(0, count));
                    bytes.writerIndex(count);
                    filled = true;
                } finally {
                    if (!filled) {
                        bytes.release();
                    }
                }
                int crc = count == lease.length() ? lease.crc32c() : PageChecksum.of(bytes.nioBuffer());
                return new Piece(bytes, crc, lease.tier());
            }
        }
    }

    private void sendElsewhere(ReadRequest request, @Nullable Piece piece) {
        if (piece == null) {
            resume(request);
            return;
        }
        if (request.done()) {
            piece.bytes().release();
            return;
        }
        ReadRequest.Step step = request.sendRead(context, piece.bytes(), piece.crc32c(), piece.tier());
        if (step == ReadRequest.Step.DONE) {
            end(request, null);
        } else {
            ready.add(request);
        }
        pump();
        flush();
    }
}
