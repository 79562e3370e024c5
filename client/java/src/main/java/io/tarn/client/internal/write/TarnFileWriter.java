package io.tarn.client.internal.write;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.client.FileInfo;
import io.tarn.client.FileWriter;
import io.tarn.client.internal.call.Counters;
import io.tarn.client.internal.master.LeaseKeeper;
import io.tarn.client.internal.master.Namespace;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.CreateResponse;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WriteType;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gathers what is written into pieces of 1 MiB and streams them to one worker; completes the file at the master. For one thread at a time. */
final class TarnFileWriter implements FileWriter {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int SMALLEST_PIECE_BYTES = 8 << 10;
    private static final long ABORT_WAIT_SECONDS = 5;

    private final String path;
    private final long fileId;
    private final Namespace namespace;
    private final LeaseKeeper leases;
    private final Counters counters;
    private final LateSink sink;
    private final boolean receiptNeededForBytesOnly;
    private final boolean holdsFlushed;
    private final long maxLengthBytes;
    private @Nullable ByteBuf piece;
    private long position;
    private boolean flushed;
    private boolean ended;
    private @Nullable FileInfo completed;

    TarnFileWriter(CreateResponse created, Namespace namespace, LeaseKeeper leases, Counters counters, LateSink sink) {
        this.path = created.getStatus().getPath();
        this.fileId = created.getStatus().getId();
        this.namespace = namespace;
        this.leases = leases;
        this.counters = counters;
        this.sink = sink;
        this.holdsFlushed = isCached(created);
        this.position = created.getBaseLengthBytes();
        this.maxLengthBytes = created.hasMaxLengthBytes() ? created.getMaxLengthBytes() : Long.MAX_VALUE;
        this.receiptNeededForBytesOnly = created.getReceiptNeededForBytesOnly();
        leases.keep(fileId, created.getLeaseMillis(), new OpenFile());
    }

    /** What the lease does to a file that stays open. */
    private final class OpenFile implements LeaseKeeper.Holder {
        /** A file that is open for long needs its worker before the ticket grows old. */
        @Override
        public void renewed() {
            var unused = sink.open();
        }

        @Override
        public void lost() {
            sink.fail(new TarnException(
                    ErrorCode.LEASE_EXPIRED, "the lease on " + path + " is gone; write the file again"));
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws TarnException {
        requireOpen();
        if (bytes.remaining() > maxLengthBytes - position) {
            sink.fail(new TarnException(
                    ErrorCode.QUOTA_EXCEEDED,
                    "the quota of a directory above " + path + " leaves room for " + maxLengthBytes
                            + " bytes; \"tarn quota show\" tells which"));
        }
        sink.requireSound();
        while (bytes.hasRemaining()) {
            ByteBuf current = piece(bytes.remaining());
            int count = Math.min(bytes.remaining(), PIECE_BYTES - current.readableBytes());
            current.writeBytes(bytes.duplicate().limit(bytes.position() + count));
            bytes.position(bytes.position() + count);
            position += count;
            if (current.readableBytes() == PIECE_BYTES) {
                send();
            }
        }
    }

    private ByteBuf piece(int wantedBytes) {
        ByteBuf current = piece;
        if (current == null) {
            int initial = Math.min(PIECE_BYTES, Math.max(SMALLEST_PIECE_BYTES, wantedBytes));
            current = PooledByteBufAllocator.DEFAULT.directBuffer(initial, PIECE_BYTES);
            piece = current;
        }
        return current;
    }

    private void send() throws TarnException {
        ByteBuf full = piece;
        piece = null;
        if (full != null) {
            int bytes = full.readableBytes();
            sink.write(position - bytes, full);
            counters.written(bytes);
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void flush(boolean durable) throws TarnException {
        requireOpen();
        send();
        flushed = holdsFlushed;
        sink.flush(durable);
    }

    @Override
    public boolean holdsFlushed() {
        return holdsFlushed;
    }

    /** The ticket tells which write type the master has chosen. */
    private static boolean isCached(CreateResponse created) {
        try {
            WriteType type = Ticket.parseFrom(created.getTicket().getTicket()).getWriteType();
            return type == WriteType.MUST_CACHE || type == WriteType.ASYNC_THROUGH;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    @Override
    public void close() throws TarnException {
        if (ended) {
            return;
        }
        try {
            send();
            completed = namespace.complete(fileId, receipt());
            ended = true;
            leases.release(fileId);
        } finally {
            if (flushed && !ended) {
                leave();
            } else {
                abort();
            }
        }
    }

    /** What was flushed outlasts this writer: the master completes the file with it, also where it does not hear of this, once the lease is over. */
    private void leave() {
        end();
        sink.leave();
        await(namespace.abandon(fileId, true));
    }

    private void end() {
        ended = true;
        leases.release(fileId);
        ByteBuf unsent = piece;
        piece = null;
        if (unsent != null) {
            unsent.release();
        }
    }

    /** The worker's word on what was written; null where nothing was. */
    private @Nullable SignedReceipt receipt() throws TarnException {
        sink.requireSound();
        return receiptNeededForBytesOnly && position == 0 && sink.closeUnopened() ? null : sink.commit(position);
    }

    @Override
    public void abort() {
        if (ended) {
            return;
        }
        end();
        await(sink.abort()
                .handle((done, failure) -> namespace.abandon(fileId, false))
                .thenCompose(abandoned -> abandoned));
    }

    /** For a bounded time; whether it comes or fails. */
    private static void await(CompletableFuture<?> told) {
        try {
            told.orTimeout(ABORT_WAIT_SECONDS, TimeUnit.SECONDS)
                    .handle((done, failure) -> failure)
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("the failure was handled", e);
        }
    }

    @Override
    public FileInfo info() throws TarnException {
        FileInfo info = completed;
        if (info == null) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, path + " is not complete");
        }
        return info;
    }

    private void requireOpen() throws TarnException {
        if (ended) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, "the writer of " + path + " is closed");
        }
    }
}
