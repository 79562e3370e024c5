package io.tarn.master.namespace;

import io.tarn.master.mirror.MirrorMiss;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Reads of committed state that may have to look at an under store first. Safe for many threads. */
final class Lookups {
    /** More than a path has names: each miss is one directory on the way, or one that was changed meanwhile. */
    private static final int MAX_LOADS = 3 * 2048;

    private final NamespaceParts parts;

    Lookups(NamespaceParts parts) {
        this.parts = parts;
    }

    /** A read of one consistent state, quick, tried again after each miss. */
    interface Lookup<T extends @Nullable Object> {
        T in(Resolver resolver) throws TarnException;
    }

    /** In the calling thread where the mirror knows enough; else in another, so that the caller never waits for a store. */
    <T> CompletableFuture<T> start(User user, Lookup<T> lookup) {
        long startMillis = parts.clock().millis();
        try {
            return CompletableFuture.completedFuture(once(user, startMillis, lookup));
        } catch (MirrorMiss miss) {
            return parts.executor().submit(() -> blocking(user, startMillis, lookup));
        } catch (TarnException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** In the calling thread, which may wait for stores. */
    <T extends @Nullable Object> T blocking(User user, Lookup<T> lookup) throws TarnException {
        return blocking(user, parts.clock().millis(), lookup);
    }

    /** @param startMillis what was seen since then is new enough even for a mount that always looks */
    <T extends @Nullable Object> T blocking(User user, long startMillis, Lookup<T> lookup) throws TarnException {
        for (int i = 0; i < MAX_LOADS; i++) {
            try {
                return once(user, startMillis, lookup);
            } catch (MirrorMiss miss) {
                parts.mirror().load(miss);
            }
        }
        throw new TarnException(
                ErrorCode.BUSY, "the under store's metadata changes faster than it is read; try again", null, 1000);
    }

    private <T extends @Nullable Object> T once(User user, long startMillis, Lookup<T> lookup) throws TarnException {
        Lock lock = parts.store().readLock();
        lock.lock();
        try {
            return lookup.in(resolver(new NamespaceView(parts.store()), user, startMillis));
        } finally {
            lock.unlock();
        }
    }

    /** A resolver of some other state, for operations. */
    Resolver resolver(NamespaceView view, User user, long startMillis) {
        return new Resolver(view, parts.mountTables().of(view), parts.defaults(), user, startMillis);
    }
}
