package io.tarn.client.internal.read;

import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.data.DataConnection;
import io.tarn.client.internal.data.Endpoint;
import io.tarn.client.internal.data.ReadExchange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One read of what other workers have cached: one after the other is asked, until one has all of it; none of them fetches anything. Thread-safe.
 */
final class CopyRead {
    /** A worker that does not even open a file by then is slow too. */
    private static final long OPEN_LIMIT_MILLIS = 1_000;

    private final ReadServices services;
    private final Admission admission;
    private final Iterator<Endpoint> places;
    private final long position;
    private final ByteBuffer into;
    private final int flags;
    private final CompletableFuture<Integer> outcome = new CompletableFuture<>();
    private @Nullable Handle open;
    private boolean cancelled;

    /** @param slow the worker that is not asked */
    CopyRead(ReadServices services, Admission admission, Endpoint slow, long position, ByteBuffer into, int flags) {
        this.services = services;
        this.admission = admission;
        this.places = admission.others(slow).iterator();
        this.position = position;
        this.into = into;
        this.flags = flags;
    }

    /**
     * Fills the buffer, whose position does not move. Once the outcome is there, nobody writes into it any more.
     *
     * @return the bytes read: all; NOT_FOUND where nobody has them
     */
    CompletableFuture<Integer> start() {
        askNext();
        return outcome;
    }

    /** Nobody needs it any more: the worker is told so, and the outcome is a failure soon, unless it is there already. */
    synchronized void cancel() {
        cancelled = true;
        if (open != null) {
            open.release();
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private void askNext() {
        if (isCancelled() || !places.hasNext()) {
            outcome.completeExceptionally(
                    new TarnException(ErrorCode.NOT_FOUND, "no other worker has these bytes in its cache"));
            return;
        }
        Endpoint place = places.next();
        var unused = services.connections()
                .get(place)
                .thenCompose(this::open)
                .thenCompose(this::read)
                .whenComplete((bytes, failure) -> {
                    if (failure == null) {
                        services.counters().received(place.isUnixSocket(), bytes);
                        services.hedges().slowWorkers().remove(place);
                        outcome.complete(bytes);
                        return;
                    }
                    if (Failures.of(failure).code() == ErrorCode.TIMEOUT) {
                        services.hedges().slowWorkers().add(place);
                    }
                    askNext();
                });
    }

    private CompletableFuture<Handle> open(DataConnection connection) {
        return Handle.open(connection, admission.openCached(), OPEN_LIMIT_MILLIS);
    }

    private CompletableFuture<Integer> read(Handle handle) {
        if (!mayGoOn(handle)) {
            handle.release();
            return CompletableFuture.failedFuture(new TarnException(ErrorCode.UNAVAILABLE, "not needed any more"));
        }
        ReadExchange exchange = new ReadExchange(handle.number(), position, into, flags);
        handle.connection().send(exchange, services.timeoutMillis());
        return exchange.outcome().thenApply(this::requireAll).whenComplete((bytes, failure) -> close(handle));
    }

    private synchronized boolean mayGoOn(Handle handle) {
        open = handle;
        return !cancelled;
    }

    private synchronized void close(Handle handle) {
        open = null;
        if (!cancelled) {
            handle.release();
        }
    }

    private int requireAll(int bytes) {
        if (bytes != into.remaining()) {
            throw new CompletionException(Ranges.shorter(position, into.remaining(), bytes));
        }
        return bytes;
    }
}
