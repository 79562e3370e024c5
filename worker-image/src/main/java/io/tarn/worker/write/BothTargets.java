package io.tarn.worker.write;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The under store and the page store at the same time: each piece goes to both, and is taken when both have it, so that neither holds bytes of its own for
 * the other's sake. The under store is committed first: it decides under which version the pages go on to serve. For one thread at a time.
 */
final class BothTargets implements WriteTarget {
    private final WriteTarget store;
    private final WriteTarget cache;
    private final Executor threads;

    /** @param threads runs each task on a thread of its own */
    BothTargets(WriteTarget store, WriteTarget cache, Executor threads) {
        this.store = store;
        this.cache = cache;
        this.threads = threads;
    }

    @Override
    public void append(ByteBuffer bytes, int crc32c) throws TarnException {
        ByteBuffer stored = bytes.duplicate();
        CompletableFuture<Void> storing = CompletableFuture.runAsync(() -> appendToStore(stored, crc32c), threads);
        try {
            cache.append(bytes, crc32c);
        } finally {
            await(storing);
        }
    }

    private void appendToStore(ByteBuffer bytes, int crc32c) {
        try {
            store.append(bytes, crc32c);
        } catch (TarnException e) {
            throw new CompletionException(e);
        }
    }

    /** Nobody may touch the bytes any more when a piece is done with, whatever has happened. */
    private static void await(CompletableFuture<Void> storing) throws TarnException {
        try {
            storing.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TarnException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public @Nullable StoreStatus commit(long lengthBytes, @Nullable StoreStatus stored) throws TarnException {
        StoreStatus status = store.commit(lengthBytes, stored);
        cache.commit(lengthBytes, status);
        return status;
    }

    @Override
    public void abort() {
        store.abort();
        cache.abort();
    }
}
