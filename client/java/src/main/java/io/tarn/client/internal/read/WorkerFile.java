package io.tarn.client.internal.read;

import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.call.Retries;
import io.tarn.client.internal.data.DataConnection;
import io.tarn.client.internal.data.Endpoint;
import io.tarn.client.internal.data.Exchange;
import io.tarn.client.internal.data.SimpleExchange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One file version as workers serve it. Opens a handle on each connection that it uses, again after a connection was lost; goes to another worker when one
 * fails or has lost its copy, renews the ticket when it expires, and asks once more, on a fresh connection, for bytes that came corrupted. Thread-safe.
 */
final class WorkerFile {
    private final ReadServices services;
    private final Admission admission;
    private final Map<DataConnection, CompletableFuture<Handle>> handles = new ConcurrentHashMap<>();
    private volatile boolean closed;

    WorkerFile(ReadServices services, Admission admission) {
        this.services = services;
        this.admission = admission;
    }

    /** Fills {@code into} from {@code position} on; fewer bytes only at the end of the file. Does not move the buffer's position. */
    CompletableFuture<Integer> read(long position, ByteBuffer into, int flags) {
        AtomicBoolean wasCorrupt = new AtomicBoolean();
        return retrying(() -> wasCorrupt.getAndSet(false)
                ? withHandle(handle -> check(handle, position, into.remaining()))
                        .thenCompose(any -> readOnce(position, into, flags))
                : readOnce(position, into, flags)
                        .whenComplete((bytes, failure) -> wasCorrupt.set(
                                failure != null && Failures.of(failure).code() == ErrorCode.CORRUPT)));
    }

    /** Others first where the worker is known to be slow. */
    private CompletableFuture<Integer> readOnce(long position, ByteBuffer into, int flags) {
        return admission.endpoint().thenCompose(worker -> {
            if (!services.hedges().slowWorkers().avoid(worker)) {
                return readHedged(worker, position, into, flags);
            }
            return new CopyRead(services, admission, worker, position, into, flags)
                    .start()
                    .exceptionallyCompose(nobody -> readHedged(worker, position, into, flags));
        });
    }

    private CompletableFuture<Integer> readHedged(Endpoint worker, long position, ByteBuffer into, int flags) {
        SharedRead first = new SharedRead(services, worker, position, into, flags);
        Hedge hedge = new Hedge(
                services.hedges(),
                first,
                into.remaining(),
                buffer -> new CopyRead(services, admission, worker, position, buffer, flags));
        if (admission.hasOthers()) {
            services.hedges().watch(hedge);
        }
        return first.on(open(worker)).handle((bytes, failure) -> {
            if (hedge.end(failure == null, into)) {
                return into.remaining();
            }
            if (failure != null) {
                throw new CompletionException(failure);
            }
            return bytes;
        });
    }

    /** The bytes came damaged: the worker may hold them so, and mends them now if it can. Where that fails, the next read says what is wrong. */
    private CompletableFuture<Boolean> check(Handle handle, long position, int lengthBytes) {
        SimpleExchange exchange = checkOf(handle, position, lengthBytes);
        handle.connection().send(exchange, services.timeoutMillis());
        return exchange.outcome().handle((checked, failure) -> failure == null);
    }

    /** @param lengthBytes 0 for the rest of the file */
    static SimpleExchange checkOf(Handle handle, long position, int lengthBytes) {
        FrameHeader header = handle.header(FrameType.CHECK, position).withPayload(0, lengthBytes);
        return new SimpleExchange(header, Unpooled.EMPTY_BUFFER, FrameType.CHECKED);
    }

    /** One small request about the open file. */
    CompletableFuture<SimpleExchange.Answer> ask(FrameType type, MessageLite request, FrameType expected) {
        return retrying(() -> withHandle(handle -> {
            SimpleExchange exchange =
                    new SimpleExchange(handle.header(type, 0), Unpooled.wrappedBuffer(request.toByteArray()), expected);
            handle.connection().send(exchange, services.timeoutMillis());
            return exchange.outcome();
        }));
    }

    /** Sends what {@code make} makes for a handle; its outcome is what {@code outcome} says of it. */
    <E extends Exchange, T> CompletableFuture<T> send(
            Function<Handle, E> make, Function<E, CompletableFuture<T>> outcome, long timeoutMillis) {
        return retrying(() -> withHandle(handle -> {
            E exchange = make.apply(handle);
            handle.connection().send(exchange, timeoutMillis);
            return outcome.apply(exchange);
        }));
    }

    private <T> CompletableFuture<T> retrying(Supplier<CompletableFuture<T>> action) {
        return services.retries().run(action, new Verdict());
    }

    private <T> CompletableFuture<T> withHandle(Function<Handle, CompletableFuture<T>> action) {
        return admission.endpoint().thenCompose(this::open).thenCompose(action);
    }

    private CompletableFuture<Handle> open(Endpoint worker) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new TarnException(ErrorCode.INVALID_ARGUMENT, "this reader is closed"));
        }
        return services.connections().get(worker).thenCompose(this::handle);
    }

    private CompletableFuture<Handle> handle(DataConnection connection) {
        CompletableFuture<Handle> known = handles.get(connection);
        if (known != null) {
            return known;
        }
        CompletableFuture<Handle> opening = new CompletableFuture<>();
        CompletableFuture<Handle> other = handles.putIfAbsent(connection, opening);
        if (other != null) {
            return other;
        }
        var unused = Handle.open(connection, admission.openRead(), services.timeoutMillis())
                .whenComplete((handle, failure) -> {
                    if (failure != null) {
                        handles.remove(connection);
                        opening.completeExceptionally(failure);
                    } else {
                        opening.complete(handle);
                        if (closed) {
                            handle.release();
                        }
                    }
                });
        return opening;
    }

    void close() {
        closed = true;
        handles.values().forEach(opening -> {
            if (opening.isDone() && !opening.isCompletedExceptionally()) {
                opening.join().release();
            }
        });
        handles.clear();
    }

    /** Judges the failures of one request. */
    private final class Verdict implements Retries.Judge {
        private boolean wasCorrupt;

        @Override
        public boolean mayRetry(TarnException failure, int failures) {
            handles.keySet().removeIf(connection -> !connection.isOpen());
            if ((failure.code() == ErrorCode.CORRUPT || failure.code() == ErrorCode.MALFORMED) && !wasCorrupt) {
                wasCorrupt = true;
                return true;
            }
            if (failure.code() == ErrorCode.TICKET_EXPIRED) {
                forgetHandles();
                admission.renew(true);
                return true;
            }
            boolean elsewhere = failure.code() == ErrorCode.NOT_FOUND
                    && failures <= admission.workers().size();
            if (!elsewhere && !Failures.isTransient(failure)) {
                return false;
            }
            admission.moveOn(failures);
            return true;
        }

        /** A handle is as old as the ticket that it was opened with. */
        private void forgetHandles() {
            handles.entrySet().removeIf(entry -> {
                CompletableFuture<Handle> opening = entry.getValue();
                if (opening.isDone() && !opening.isCompletedExceptionally()) {
                    opening.join().release();
                }
                return opening.isDone();
            });
        }
    }
}
