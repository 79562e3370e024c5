package io.tarn.worker.write;

import io.netty.buffer.ByteBuf;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.Ticket;
import io.tarn.understore.StoreStatus;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.metrics.MountMeters;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file being written. Requests are queued from any thread, in order, and carried out by the session's own thread; who queues bounds the bytes (see
 * {@link WriteReplies}). After the first failure, but for that of a flush, everything but an abort fails the same way. A session that is closed without a
 * commit leaves behind only what was flushed.
 */
public final class WriteSession implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(WriteSession.class);

    private final Ticket ticket;
    private final WriteTarget target;
    private final WriteReplies replies;
    private final ClusterView cluster;
    private final MountMeters meters;
    private final LinkedBlockingQueue<Command> commands = new LinkedBlockingQueue<>();
    private final @Nullable BaseCopy base;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean closing;
    private long position;
    private boolean ended;
    private boolean left;
    private @Nullable TarnException failure;

    /** @param base what the file begins with; null for nothing */
    WriteSession(
            Ticket ticket,
            @Nullable BaseCopy base,
            WriteTarget target,
            WriteReplies replies,
            ClusterView cluster,
            MountMeters meters) {
        this.ticket = ticket;
        this.base = base;
        this.target = target;
        this.replies = replies;
        this.cluster = cluster;
        this.meters = meters;
    }

    /** What a writer can ask, carried out by the session's thread. */
    private sealed interface Command {
        long requestId();

        record Append(long requestId, long offset, ByteBuf payload, int crc32c) implements Command {}

        record Flush(long requestId, boolean durable) implements Command {}

        record Commit(long requestId, long lengthBytes) implements Command {}

        record Abort(long requestId) implements Command {}

        record Close(long requestId) implements Command {}

        /** Somebody else ends the session: the writer hears of it at its next request. */
        record End(long requestId) implements Command {}
    }

    /** Appends; the payload belongs to the session. */
    public void append(long requestId, long offset, ByteBuf payload, int crc32c) {
        commands.add(new Command.Append(requestId, offset, payload, crc32c));
    }

    /** Answered when everything before is held by this worker, with {@code durable} on stable storage; a refusal does not end the write. */
    public void flush(long requestId, boolean durable) {
        commands.add(new Command.Flush(requestId, durable));
    }

    /** Completes the file, which must have this length. */
    public void commit(long requestId, long lengthBytes) {
        commands.add(new Command.Commit(requestId, lengthBytes));
    }

    /** Drops what was written; the session takes nothing more. */
    public void abort(long requestId) {
        commands.add(new Command.Abort(requestId));
    }

    /** Ends the session; what was neither committed nor flushed is dropped. */
    public void close() {
        closing = true;
        commands.add(new Command.Close(0));
    }

    /** Closes the session, whose handle may stay open, and waits until it is over. @return false after the timeout */
    boolean end(long timeoutMillis) {
        commands.add(new Command.End(0));
        closing = true;
        try {
            return over.await(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void run() {
        try {
            copyBase();
            Command command = commands.take();
            while (!(command instanceof Command.Close)) {
                carryOut(command);
                command = commands.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave();
            over.countDown();
            releaseQueued();
        }
    }

    private void copyBase() {
        if (base == null) {
            return;
        }
        try {
            position = base.copyTo(target, () -> closing);
        } catch (TarnException e) {
            failure = e;
            leave();
        }
    }

    private void carryOut(Command command) {
        int takenBytes =
                command instanceof Command.Append append ? append.payload().readableBytes() : 0;
        try {
            switch (command) {
                case Command.Append append -> append(append);
                case Command.Flush flush -> flush(flush);
                case Command.Commit commit -> replies.committed(commit.requestId(), commit(commit.lengthBytes()));
                case Command.End end -> {
                    failure = new TarnException(
                            ErrorCode.LEASE_EXPIRED, "the lease on " + ticket.getPath() + " is gone; write it again");
                    leave();
                    over.countDown();
                }
                case Command.Abort abort -> {
                    drop();
                    replies.accepted(abort.requestId(), position, 0);
                }
                case Command.Close close -> throw new IllegalStateException("handled by the loop: " + close);
            }
        } catch (TarnException e) {
            fail(command.requestId(), e, takenBytes);
        } catch (RuntimeException | Error e) {
            log.error("unexpected failure while writing {}", ticket.getPath(), e);
            fail(command.requestId(), new TarnException(ErrorCode.INTERNAL, "unexpected failure: " + e, e), takenBytes);
        }
    }

    private void append(Command.Append append) throws TarnException {
        ByteBuf payload = append.payload();
        int bytes = payload.readableBytes();
        try {
            requireOpen();
            if (append.offset() != position) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        "bytes for offset " + append.offset() + " of " + ticket.getPath() + " came at " + position);
            }
            if (PageChecksum.of(payload.nioBuffer()) != append.crc32c()) {
                throw new TarnException(
                        ErrorCode.CORRUPT,
                        "bytes for offset " + position + " of " + ticket.getPath()
                                + " were damaged on their way; write the file again");
            }
            target.append(payload.nioBuffer(), append.crc32c());
        } finally {
            payload.release();
        }
        position += bytes;
        meters.written(bytes);
        replies.accepted(append.requestId(), position, bytes);
    }

    private void flush(Command.Flush flush) throws TarnException {
        requireOpen();
        try {
            if (!target.flush(flush.durable()) && flush.durable()) {
                throw new TarnException(
                        ErrorCode.UNSUPPORTED,
                        ticket.getPath()
                                + " is written through to its under store, which has it when it is closed, not before");
            }
            replies.accepted(flush.requestId(), position, 0);
        } catch (TarnException e) {
            replies.failed(flush.requestId(), e, 0);
        }
    }

    private SignedReceipt commit(long lengthBytes) throws TarnException {
        requireOpen();
        if (lengthBytes != position) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a file of " + lengthBytes + " bytes is to be committed, but " + position + " were written");
        }
        StoreStatus stored = target.commit(lengthBytes, null);
        ended = true;
        return cluster.signer().sign(Receipts.of(ticket, lengthBytes, stored, target, cluster));
    }

    private void requireOpen() throws TarnException {
        TarnException earlier = failure;
        if (earlier != null) {
            throw earlier;
        }
        if (ended) {
            throw new TarnException(ErrorCode.INVALID_ARGUMENT, ticket.getPath() + " was committed or aborted already");
        }
    }

    private void fail(long requestId, TarnException cause, int takenBytes) {
        if (!ended) {
            failure = cause;
            leave();
        }
        replies.failed(requestId, cause, takenBytes);
    }

    /** What was flushed is kept, until the master has it sealed or deleted. */
    private void leave() {
        if (!ended) {
            ended = true;
            left = true;
            target.leave();
        }
    }

    private void drop() {
        if (!ended || left) {
            ended = true;
            left = false;
            target.abort();
        }
    }

    private void releaseQueued() {
        for (Command rest = commands.poll(); rest != null; rest = commands.poll()) {
            if (rest instanceof Command.Append append) {
                append.payload().release();
            }
        }
    }
}
