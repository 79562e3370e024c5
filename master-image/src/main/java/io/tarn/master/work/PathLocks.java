package io.tarn.master.work;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.path.TarnPath;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets operations that wait for an under store come one after the other where their paths overlap: where one is the other or lies below it. Waiting is
 * bounded. Safe for many threads.
 */
public final class PathLocks {
    private final long waitNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    /** Held paths, each with a "/" at its end, and who holds them. */
    private final NavigableMap<String, Held> held = new TreeMap<>();

    /** @param waitMillis how long to wait for others */
    public PathLocks(long waitMillis) {
        this.waitNanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    }

    /**
     * Waits until no overlapping path is held by others, then holds all of these.
     *
     * @throws TarnException BUSY where that takes too long
     */
    public Held hold(List<TarnPath> paths) throws TarnException {
        List<String> keys = paths.stream().map(PathLocks::key).distinct().toList();
        long deadline = System.nanoTime() + waitNanos;
        lock.lock();
        try {
            while (keys.stream().anyMatch(this::overlapsHeld)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new TarnException(
                            ErrorCode.BUSY,
                            "another change at or around " + paths.getFirst()
                                    + " still waits for its under store; try again",
                            null,
                            1000);
                }
                released.awaitNanos(left);
            }
            Held holder = new Held(keys);
            keys.forEach(key -> held.put(key, holder));
            return holder;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.UNAVAILABLE, "the master is stopping; try again", e);
        } finally {
            lock.unlock();
        }
    }

    /** Holds all of these at once; null where others hold one that overlaps. */
    public @Nullable Held tryHold(List<TarnPath> paths) {
        List<String> keys = paths.stream().map(PathLocks::key).distinct().toList();
        lock.lock();
        try {
            if (keys.stream().anyMatch(this::overlapsHeld)) {
                return null;
            }
            Held holder = new Held(keys);
            keys.forEach(key -> held.put(key, holder));
            return holder;
        } finally {
            lock.unlock();
        }
    }

    private boolean overlapsHeld(String key) {
        Map.Entry<String, Held> atOrBelow = held.ceilingEntry(key);
        if (atOrBelow != null && atOrBelow.getKey().startsWith(key)) {
            return true;
        }
        for (int slash = key.lastIndexOf('/', key.length() - 2); slash >= 0; slash = key.lastIndexOf('/', slash - 1)) {
            if (held.containsKey(key.substring(0, slash + 1))) {
                return true;
            }
            if (slash == 0) {
                break;
            }
        }
        return false;
    }

    private static String key(TarnPath path) {
        return path.isRoot() ? "/" : path + "/";
    }

    /** Held paths; close to release them. */
    public final class Held implements AutoCloseable {
        private final List<String> keys;

        private Held(List<String> keys) {
            this.keys = keys;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                keys.forEach(key -> held.remove(key, this));
                released.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
