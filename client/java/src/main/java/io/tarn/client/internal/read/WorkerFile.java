package io.tarn.client.internal.read;

import com.google.protobuf.MessageLite;
import io.netty.buffer.Unpooled;
import io.tarn.client.internal.call.Failures;
import io.tarn.client.internal.call.Retries;
import io.tarn.client.internal.data.DataConnection;
import io.tarn.client.internal.data.Exchange;
import io.tarn.client.internal.data.ReadExchange;
import io.tarn.client.internal.data.SimpleExchange;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.frame.FrameHeader;
import io.tarn.protocol.frame.FrameType;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One file version as workers serve it. Opens a handle on each connection that it uses, again after a connection was lost; goes to another worker when one
 * fails, renews the ticket when it expires, and asks once more, on a fresh connection, for bytes that came corrupted. Thread-safe.
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

    record Handle(DataConnection connection, long number) {
        FrameHeader header(FrameType type, long offset) {
            return FrameHeader.of(type, 0).at(number, offset);
        }
    }

    /** Fills {@code into} from {@code position} on; fewer bytes only at the end of the file. Does not move the buffer's position. */
    CompletableFuture<Integer> read(long position, ByteBuffer into, int flags) {
        AtomicBoolean wasCorrupt = new AtomicBoolean();
        return retrying(() -> withHandle(handle -> wasCorrupt.getAndSet(false)
                ? check(handle, position, into.remaining()).thenCompose(any -> read(handle, position, into, flags))
                : read(handle, position, into, flags)
                        .whenComplete((bytes, failure) -> wasCorrupt.set(
                                failure != null && Failures.of(failure).code() == ErrorCode.CORRUPT))));
    }

    private CompletableFuture<Integer> read(Handle handle, long position, ByteBuffer into, int flags) {
        ReadExchange exchange = new ReadExchange(handle.number, position, into, flags);
        handle.connection.send(exchange, services.timeoutMillis());
        boolean unixSocket = handle.connection.endpoint().isUnixSocket();
        return exchange.outcome().thenApply(bytes -> {
            services.counters().received(unixSocket, bytes);
            return bytes;
        });
    }

    /** The bytes came damaged: the worker may hold them so, and mends them now if it can. Where that fails, the next read says what is wrong. */
    private CompletableFuture<Boolean> check(Handle handle, long position, int lengthBytes) {
        SimpleExchange exchange = checkOf(handle, position, lengthBytes);
        handle.connection.send(exchange, services.timeoutMillis());
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
            handle.connection.send(exchange, services.timeoutMillis());
            return exchange.outcome();
        }));
    }

    /** Sends what {@code make} makes for a handle; its outcome is what {@code outcome} says of it. */
    <E extends Exchange, T> CompletableFuture<T> send(
            Function<Handle, E> make, Function<E, CompletableFuture<T>> outcome, long timeoutMillis) {
        return retrying(() -> withHandle(handle -> {
            E exchange = make.apply(handle);
            handle.connection.send(exchange, timeoutMillis);
            return outcome.apply(exchange);
        }));
    }

    private <T> CompletableFuture<T> retrying(Supplier<CompletableFuture<T>> action) {
        return services.retries().run(action, new Verdict());
    }

    private <T> CompletableFuture<T> withHandle(Function<Handle, CompletableFuture<T>> action) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new TarnException(ErrorCode.INVALID_ARGUMENT, "this reader is closed"));
        }
        return admission
                .endpoint()
                .thenCompose(services.connections()::get)
                .thenCompose(this::handle)
                .thenCompose(action);
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
        SimpleExchange open = new SimpleExchange(
                FrameHeader.of(FrameType.OPEN_READ, 0),
                Unpooled.wrappedBuffer(admission.openRead().toByteArray()),
                FrameType.OPENED);
        connection.send(open, services.timeoutMillis());
        var unused = open.outcome().whenComplete((answer, failure) -> {
            if (failure != null) {
                handles.remove(connection);
                opening.completeExceptionally(failure);
            } else {
                Handle handle = new Handle(connection, answer.header().handle());
                opening.complete(handle);
                if (closed) {
                    release(handle);
                }
            }
        });
        return opening;
    }

    void close() {
        closed = true;
        handles.values().forEach(opening -> {
            if (opening.isDone() && !opening.isCompletedExceptionally()) {
                release(opening.join());
            }
        });
        handles.clear();
    }

    private static void release(Handle handle) {
        handle.connection.tell(handle.header(FrameType.CLOSE, 0));
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
            if (!Failures.isTransient(failure)) {
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
                    release(opening.join());
                }
                return opening.isDone();
            });
        }
    }
}
