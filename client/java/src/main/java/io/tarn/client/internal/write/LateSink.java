package io.tarn.client.internal.write;

import io.netty.buffer.ByteBuf;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.call.Waiting;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.SignedReceipt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of a file, opened when it is first needed: a file that stays empty costs no worker anything. For one thread, except {@link #open} and
 * {@link #fail}, which do not block.
 */
final class LateSink {
    private final Supplier<CompletableFuture<WorkerSink>> opener;
    private @Nullable CompletableFuture<WorkerSink> opening;
    private boolean closed;
    private volatile @Nullable TarnException failure;

    LateSink(Supplier<CompletableFuture<WorkerSink>> opener) {
        this.opener = opener;
    }

    /** Begins to open it, unless it is open; after a failure it is tried again. */
    synchronized CompletableFuture<WorkerSink> open() {
        CompletableFuture<WorkerSink> current = opening;
        if (closed) {
            return CompletableFuture.failedFuture(
                    new TarnException(ErrorCode.INVALID_ARGUMENT, "the file is complete without a worker"));
        }
        if (current == null || current.isCompletedExceptionally()) {
            current = opener.get();
            opening = current;
        }
        return current;
    }

    /** Whether no worker knows of the file; from then on none ever will. */
    synchronized boolean closeUnopened() {
        closed |= opening == null;
        return closed;
    }

    /** Sends a piece; its reference passes on. */
    void write(long offset, ByteBuf piece) throws TarnException {
        WorkerSink sink;
        try {
            sink = Waiting.on(open());
        } catch (TarnException e) {
            piece.release();
            throw e;
        }
        sink.write(offset, piece);
    }

    void flush(boolean durable) throws TarnException {
        requireSound();
        if (isBegun()) {
            Waiting.on(open()).flush(durable);
        }
    }

    SignedReceipt commit(long lengthBytes) throws TarnException {
        requireSound();
        return Waiting.on(open()).commit(lengthBytes);
    }

    private synchronized boolean isBegun() {
        return opening != null;
    }

    /** Drops what the worker has, where it has something. */
    synchronized CompletableFuture<?> abort() {
        CompletableFuture<WorkerSink> current = opening;
        closed |= current == null;
        return current == null ? CompletableFuture.completedFuture(null) : current.thenCompose(WorkerSink::abort);
    }

    /** The worker keeps what was flushed, where it has something. */
    synchronized void leave() {
        CompletableFuture<WorkerSink> current = opening;
        closed |= current == null;
        if (current != null) {
            var unused = current.thenAccept(WorkerSink::release);
        }
    }

    /** From now on everything fails with the first such reason. */
    void fail(TarnException reason) {
        failure = reason;
        CompletableFuture<WorkerSink> current;
        synchronized (this) {
            current = opening;
        }
        if (current != null) {
            var unused = current.thenAccept(sink -> sink.fail(reason));
        }
    }

    void requireSound() throws TarnException {
        TarnException reason = failure;
        if (reason != null) {
            throw Failures.here(reason);
        }
        CompletableFuture<WorkerSink> current;
        synchronized (this) {
            current = opening;
        }
        if (current != null && current.isDone() && !current.isCompletedExceptionally()) {
            current.join().requireSound();
        }
    }
}
