package io.tarn.client.internal.write;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.call.Waiting;
import io.tarn.client.internal.data.DataConnection;
import io.tarn.client.internal.data.SimpleExchange;
import io.tarn.protocol.checksum.PageChecksum;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import io.tarn.protocol.v1.SignedReceipt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The worker's end of a file being written: pipelines pieces, at most {@link #WINDOW} of them unacknowledged. For one thread; failures may come from others. */
final class WorkerSink {
    static final int WINDOW = 16;

    private static final long COMMIT_TIMEOUT_MILLIS = TimeUnit.MINUTES.toMillis(30);

    private final DataConnection connection;
    private final long handle;
    private final long timeoutMillis;
    private final Semaphore window = new Semaphore(WINDOW);
    private final AtomicReference<@Nullable TarnException> failure = new AtomicReference<>();

    WorkerSink(DataConnection connection, long handle, long timeoutMillis) {
        this.connection = connection;
        this.handle = handle;
        this.timeoutMillis = timeoutMillis;
    }

    /** Sends a piece; its reference passes on. Waits while too much is under way. */
    void write(long offset, ByteBuf piece) throws TarnException {
        try {
            awaitRoom(1);
        } catch (TarnException e) {
            piece.release();
            throw e;
        }
        int checksum = PageChecksum.of(piece.internalNioBuffer(piece.readerIndex(), piece.readableBytes()));
        SimpleExchange exchange = new SimpleExchange(header(FrameType.WRITE, offset, checksum), piece, FrameType.ACK);
        var unused = exchange.outcome().whenComplete((answer, thrown) -> {
            if (thrown != null) {
                fail(Failures.of(thrown));
            }
            window.release();
        });
        connection.send(exchange, timeoutMillis);
    }

    /** Waits until the worker has copied what the file begins with: a piece of no bytes is taken after it. */
    void awaitBase(long lengthBytes) throws TarnException {
        var unused = await(ask(header(FrameType.WRITE, lengthBytes, 0), FrameType.ACK, COMMIT_TIMEOUT_MILLIS));
    }

    void flush(boolean durable) throws TarnException {
        FrameHeader header = header(FrameType.FLUSH, 0, 0).withFlags(durable ? FrameHeader.DURABLE : 0);
        var unused = await(ask(header, FrameType.ACK, COMMIT_TIMEOUT_MILLIS));
    }

    SignedReceipt commit(long lengthBytes) throws TarnException {
        requireSound();
        SimpleExchange.Answer answer =
                await(ask(header(FrameType.COMMIT, lengthBytes, 0), FrameType.COMMITTED, COMMIT_TIMEOUT_MILLIS));
        release();
        try {
            return SignedReceipt.parseFrom(answer.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new TarnException(ErrorCode.MALFORMED, "an unreadable receipt from the worker", e);
        }
    }

    /** A write that failed before is the reason to name, not what it led to. */
    private SimpleExchange.Answer await(CompletableFuture<SimpleExchange.Answer> outcome) throws TarnException {
        try {
            SimpleExchange.Answer answer = Waiting.on(outcome);
            requireSound();
            return answer;
        } catch (TarnException e) {
            requireSound();
            throw e;
        }
    }

    CompletableFuture<?> abort() {
        return ask(header(FrameType.ABORT, 0, 0), FrameType.ACK, timeoutMillis)
                .whenComplete((answer, failure) -> release());
    }

    /** The worker keeps the handle, and what belongs to it, until it is told: its answer may have to be repeated. */
    void release() {
        connection.tell(header(FrameType.CLOSE, 0, 0));
    }

    /** From now on everything fails with the first such reason. */
    void fail(TarnException reason) {
        failure.compareAndSet(null, reason);
    }

    void requireSound() throws TarnException {
        TarnException reason = failure.get();
        if (reason != null) {
            throw Failures.here(reason);
        }
    }

    private void awaitRoom(int pieces) throws TarnException {
        try {
            if (!window.tryAcquire(pieces, timeoutMillis, TimeUnit.MILLISECONDS)) {
                fail(new TarnException(ErrorCode.TIMEOUT, "the worker takes no more bytes"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.TIMEOUT, "the writing thread was interrupted", e);
        }
        requireSound();
    }

    private CompletableFuture<SimpleExchange.Answer> ask(FrameHeader header, FrameType expected, long timeout) {
        SimpleExchange exchange = new SimpleExchange(header, Unpooled.EMPTY_BUFFER, expected);
        connection.send(exchange, timeout);
        return exchange.outcome();
    }

    private FrameHeader header(FrameType type, long offset, int argument) {
        return FrameHeader.of(type, 0).withPayload(0, argument).at(handle, offset);
    }
}
