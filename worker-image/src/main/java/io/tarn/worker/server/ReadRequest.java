package io.tarn.worker.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.worker.fill.PageFill;
import io.tarn.worker.page.CachedFile.PageLease;
import io.tarn.worker.page.PageStore;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One READ being answered, in pieces that each lie within one page: whole pages that are present leave by sendfile, parts of pages through a buffer,
 * pages that are on their way from the under store as far as they have come. Used on the connection's event loop; only {@link #progressed} may come
 * from elsewhere.
 */
final class ReadRequest implements PageFill.Waiter {
    /** What a step has led to. */
    enum Step {
        SENT,
        WAITING,
        DONE
    }

    private final Reads reads;
    private final ReadHandle handle;
    private final long requestId;
    private final long end;
    private final long lengthBytes;
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final int firstPage;
    private final BitSet missed = new BitSet(0);
    private long position;
    private @Nullable PageFill fill;
    private boolean done;

    ReadRequest(Reads reads, ReadHandle handle, FrameHeader header) {
        this.reads = reads;
        this.handle = handle;
        requestId = header.requestId();
        position = header.offset();
        end = Math.max(position, Math.min(handle.lengthBytes(), position + header.argument()));
        lengthBytes = end - position;
        firstPage = page();
    }

    long requestId() {
        return requestId;
    }

    ReadHandle handle() {
        return handle;
    }

    /** Bytes that it asks for, within the file. */
    long lengthBytes() {
        return lengthBytes;
    }

    boolean done() {
        return done;
    }

    /** Sends the next piece, without flushing, or begins to wait for it. */
    Step step(ChannelHandlerContext context) throws TarnException {
        if (handle.closed()) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "the handle was closed while it was read");
        }
        if (position == end) {
            write(
                    context,
                    FrameHeader.of(FrameType.DATA, requestId).at(0, position).withFlags(FrameHeader.LAST));
            return Step.DONE;
        }
        if (fill != null) {
            return stepFill(context, fill);
        }
        int page = page();
        PageLease lease = handle.leaseNow(page);
        if (lease == null && handle.present(page)) {
            lease = handle.leaseNow(page);
            if (lease == null) {
                reads.leaseElsewhere(this, page);
                return Step.WAITING;
            }
        }
        if (lease != null) {
            return send(context, lease);
        }
        int lastPage = (int) ((end - 1) / PageStore.PAGE_BYTES);
        noteMissing(page, lastPage);
        fill = handle.demand(page, lastPage);
        return fill == null ? step(context) : stepFill(context, fill);
    }

    /** Pages that were not there when this read came to need them stay misses, however they reach it. */
    private void noteMissing(int page, int lastPage) {
        for (int missing = page; missing <= lastPage; missing++) {
            if (!handle.present(missing)) {
                missed.set(missing - firstPage);
            }
        }
    }

    private void count(int page, String tier, int bytes) {
        if (missed.get(page - firstPage)) {
            handle.meters().miss(bytes);
        } else {
            handle.meters().hit(tier, bytes);
        }
    }

    private int page() {
        return (int) (position / PageStore.PAGE_BYTES);
    }

    private Step send(ChannelHandlerContext context, PageLease lease) throws TarnException {
        int from = (int) (position % PageStore.PAGE_BYTES);
        int count = (int) Math.min(end - position, lease.length() - from);
        count(page(), lease.tier(), count);
        if (count == lease.length() && count >= Reads.SENDFILE_BYTES) {
            write(context, header(count, lease.crc32c()));
            context.write(new LeaseRegion(lease), context.voidPromise());
            reads.pageWritten();
        } else {
            try (lease) {
                context.write(piece(context, lease, from, count), context.voidPromise());
            }
        }
        return advance(count);
    }

    /** A frame with a part of a page. */
    private ByteBuf piece(ChannelHandlerContext context, PageLease lease, int from, int count) throws TarnException {
        ByteBuf out = context.alloc().directBuffer(FrameHeader.BYTES + count, FrameHeader.BYTES + count);
        boolean filled = false;
        try {
            lease.read(from, out.internalNioBuffer(FrameHeader.BYTES, count));
            int crc = PageChecksum.of(out.internalNioBuffer(FrameHeader.BYTES, count));
            header(count, crc).write(out);
            out.writerIndex(FrameHeader.BYTES + count);
            filled = true;
            return out;
        } finally {
            if (!filled) {
                out.release();
            }
        }
    }

    private Step stepFill(ChannelHandlerContext context, PageFill current) throws TarnException {
        int from = (int) (position % PageStore.PAGE_BYTES);
        int to = from + wantedOfPage();
        if (current.enough(from, to)) {
            int count = Math.min(to, current.availableBytes()) - from;
            ByteBuf bytes = current.slice(from, from + count);
            handle.meters().miss(count);
            write(context, header(count, PageChecksum.of(bytes.nioBuffer())));
            context.write(bytes, context.voidPromise());
            Step step = advance(count);
            if (step == Step.DONE || position % PageStore.PAGE_BYTES == 0) {
                leaveFill();
            }
            return step;
        }
        TarnException failure = current.failure();
        if (failure != null) {
            throw failure;
        }
        if (current.abandoned()) {
            leaveFill();
            return step(context);
        }
        return current.await(from, to, this) ? Step.WAITING : stepFill(context, current);
    }

    /** Sends a piece that was read elsewhere; takes the buffer. */
    Step sendRead(ChannelHandlerContext context, ByteBuf bytes, int crc, String tier) {
        int count = bytes.readableBytes();
        count(page(), tier, count);
        if (!tier.equals(Reads.TOP_TIER)) {
            handle.wantPromotion();
        }
        write(context, header(count, crc));
        context.write(bytes, context.voidPromise());
        return advance(count);
    }

    int offsetInPage() {
        return (int) (position % PageStore.PAGE_BYTES);
    }

    /** Bytes still wanted of the page at the position. */
    int wantedOfPage() {
        return (int) Math.min(end - position, PageStore.PAGE_BYTES - offsetInPage());
    }

    private FrameHeader header(int count, int crc) {
        int flags = position + count == end ? FrameHeader.LAST : 0;
        return new FrameHeader(FrameType.DATA, flags, count, crc, requestId, 0, 0, position);
    }

    private Step advance(int count) {
        position += count;
        return position == end ? Step.DONE : Step.SENT;
    }

    private static void write(ChannelHandlerContext context, FrameHeader header) {
        ByteBuf out = context.alloc().directBuffer(FrameHeader.BYTES, FrameHeader.BYTES);
        header.write(out);
        context.write(out, context.voidPromise());
    }

    private void leaveFill() {
        PageFill held = fill;
        if (held != null) {
            fill = null;
            held.detach();
        }
    }

    /** Lets go of everything; nothing more is sent. */
    void finish() {
        done = true;
        leaveFill();
    }

    @Override
    public void progressed() {
        if (signalled.compareAndSet(false, true)) {
            reads.executor().execute(() -> {
                signalled.set(false);
                reads.resume(this);
            });
        }
    }
}
