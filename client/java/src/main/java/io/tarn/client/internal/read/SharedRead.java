package io.tarn.client.internal.read;

import io.tarn.client.internal.data.Endpoint;
import io.tarn.client.internal.data.ReadExchange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One try of one read over a shared connection, from before that is connected. Thread-safe. */
final class SharedRead implements Hedge.First {
    private final ReadServices services;
    private final Endpoint worker;
    private final long position;
    private final ByteBuffer into;
    private final int flags;
    private final long startNanos = System.nanoTime();
    private final CompletableFuture<Integer> outcome = new CompletableFuture<>();
    private @Nullable Handle asked;
    private @Nullable ReadExchange exchange;
    private boolean givenUp;

    SharedRead(ReadServices services, Endpoint worker, long position, ByteBuffer into, int flags) {
        this.services = services;
        this.worker = worker;
        this.position = position;
        this.into = into;
        this.flags = flags;
    }

    /** Asks as soon as the file is open. Once the outcome is there, nobody writes into the buffer any more. */
    CompletableFuture<Integer> on(CompletableFuture<Handle> opening) {
        var unused = opening.whenComplete((handle, failure) -> {
            if (failure != null) {
                outcome.completeExceptionally(failure);
            } else {
                ask(handle);
            }
        });
        return outcome;
    }

    private void ask(Handle handle) {
        ReadExchange sent = send(handle);
        if (sent != null) {
            var unused = sent.outcome().whenComplete((bytes, failure) -> {
                if (failure != null) {
                    outcome.completeExceptionally(failure);
                } else {
                    services.counters().received(handle.connection().endpoint().isUnixSocket(), bytes);
                    outcome.complete(bytes);
                }
            });
        }
    }

    private synchronized @Nullable ReadExchange send(Handle handle) {
        if (!givenUp) {
            asked = handle;
            exchange = new ReadExchange(handle.number(), position, into, flags);
            handle.connection().send(exchange, services.timeoutMillis());
        }
        return exchange;
    }

    @Override
    public Endpoint worker() {
        return worker;
    }

    @Override
    public synchronized long progressNanos() {
        return exchange == null ? startNanos : exchange.progressNanos();
    }

    @Override
    public void giveUp() {
        TarnException reason = new TarnException(ErrorCode.TIMEOUT, "another worker was faster than " + worker);
        if (!cancel(reason)) {
            outcome.completeExceptionally(reason);
        }
    }

    /** @return false where nothing was sent, and nothing will be */
    private synchronized boolean cancel(TarnException reason) {
        givenUp = true;
        if (asked == null || exchange == null) {
            return false;
        }
        asked.connection().cancel(exchange, reason);
        return true;
    }
}
