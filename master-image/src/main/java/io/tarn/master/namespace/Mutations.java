package io.tarn.master.namespace;

import com.google.protobuf.ByteString;
import io.tarn.master.record.CallKey;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.work.PathLocks;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a change is carried out, once: in memory, as one operation of the leader; or, where an under store must change too, in a thread of its own that holds
 * the paths, works on the store, and tells the leader before and after. Safe for many threads.
 */
final class Mutations {
    private static final long LEFTOVER_PAUSE_NANOS = 10_000_000;

    private final NamespaceParts parts;
    private final Map<CallKey, CompletableFuture<?>> running = new ConcurrentHashMap<>();

    Mutations(NamespaceParts parts) {
        this.parts = parts;
    }

    /** Checks a change and emits its records; runs in the leader's thread. */
    interface Body<T> {
        T validate(NamespaceView view, Consumer<Record> records) throws TarnException;
    }

    /** Works on an under store; runs in a thread that may wait. */
    interface StoreBody<T> {
        T run() throws TarnException;
    }

    /** How an answer is remembered for a repetition of the call. */
    interface Answer<T> {
        ByteString encode(T answer);

        T decode(byte[] bytes) throws TarnException;
    }

    /** A change in memory. */
    <T> CompletableFuture<T> inMemory(CallKey call, Answer<T> answer, Body<T> body) {
        return parts.leader().submit((state, records) -> {
            NamespaceView view = new NamespaceView(state);
            byte[] earlier = parts.calls().earlier(call, view);
            if (earlier != null) {
                return answer.decode(earlier);
            }
            T result = body.validate(view, records);
            parts.calls().remember(call, answer.encode(result), records);
            return result;
        });
    }

    /**
     * A change that waits for under stores. A repetition that comes while the first try runs waits for it.
     *
     * @param paths what no other such change may touch meanwhile
     * @param body ends by a change in memory under the same call
     */
    <T> CompletableFuture<T> throughStore(
            CallKey call, Answer<T> answer, List<TarnPath> paths, Class<T> type, StoreBody<T> body) {
        if (!call.isRemembered()) {
            return parts.executor().submit(() -> holding(paths, body));
        }
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<?> first = running.putIfAbsent(call, mine);
        if (first != null) {
            return first.thenApply(type::cast);
        }
        parts.executor()
                .submit(() -> holding(paths, () -> {
                    Optional<byte[]> earlier = await(earlier(call));
                    return earlier.isPresent() ? answer.decode(earlier.get()) : body.run();
                }))
                .whenComplete((result, failure) -> {
                    running.remove(call);
                    if (failure != null) {
                        mine.completeExceptionally(failure);
                    } else {
                        mine.complete(result);
                    }
                });
        return mine;
    }

    /** A step of a change that waits for stores: blocks until its records are durable and applied. */
    <T> T step(Body<T> body) throws TarnException {
        return await(parts.leader().submit((state, records) -> body.validate(new NamespaceView(state), records)));
    }

    /** The last step of a change that waits for stores: remembers the answer. */
    <T> T lastStep(CallKey call, Answer<T> answer, Body<T> body) throws TarnException {
        return await(inMemory(call, answer, body));
    }

    /** Waits, too, until what was cut off there is finished. */
    private <T> T holding(List<TarnPath> paths, StoreBody<T> body) throws TarnException {
        long deadline = System.nanoTime() + parts.config().pathWait().toNanos();
        while (true) {
            try (PathLocks.Held held = parts.locks().hold(paths)) {
                if (!isInterrupted(paths)) {
                    return body.run();
                }
            }
            if (System.nanoTime() > deadline) {
                throw new TarnException(
                        ErrorCode.BUSY,
                        "an earlier change at or around " + paths.getFirst()
                                + " is not finished in its under store yet; try again",
                        null,
                        1000);
            }
            LockSupport.parkNanos(LEFTOVER_PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping; try again");
            }
        }
    }

    private boolean isInterrupted(List<TarnPath> paths) {
        Lock lock = parts.store().readLock();
        lock.lock();
        try {
            NamespaceView view = new NamespaceView(parts.store());
            MountTable mounts = parts.mountTables().of(view);
            return paths.stream().anyMatch(path -> Leftovers.around(view, mounts, path));
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Optional<byte[]>> earlier(CallKey call) {
        return parts.leader()
                .submit((state, records) -> Optional.ofNullable(parts.calls().earlier(call, new NamespaceView(state))));
    }

    static <T> T await(CompletableFuture<T> future) throws TarnException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw failureOf(e);
        }
    }

    private static TarnException failureOf(CompletionException e) {
        @Nullable Throwable cause = e.getCause();
        if (cause instanceof TarnException failure) {
            return failure;
        }
        return new TarnException(ErrorCode.INTERNAL, "an operation failed: " + cause, e);
    }
}
