package io.tarn.client.internal.master;

import io.tarn.protocol.v1.OpenResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers to opens that the master lets serve again for a while: of mounts in which nothing changes. While no master answers they serve on: a worker decides for how long it takes their tickets. The
 * least recently used go first. Thread-safe.
 */
final class KnownOpens {
    private static final int MAX_PATHS = 20_000;
    /** So long no master is looked for again. */
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, Known> byPath = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_PATHS;
        }
    };

    private boolean away;
    private long awaySinceNanos;

    private static final class Known {
        private final OpenResponse answer;
        private final long endNanos;

        Known(OpenResponse answer) {
            this.answer = answer;
            this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(answer.getValidMillis());
        }
    }

    /** Null where the master has to be asked. */
    synchronized @Nullable OpenResponse find(String path) {
        Known known = byPath.get(path);
        long now = System.nanoTime();
        away &= now - awaySinceNanos <= AWAY_NANOS;
        return known == null || (!away && now - known.endNanos > 0) ? null : known.answer;
    }

    /** No master could be asked. @return what one has said before, or null */
    synchronized @Nullable OpenResponse findOld(String path) {
        Known known = byPath.get(path);
        if (known == null) {
            return null;
        }
        away = true;
        awaySinceNanos = System.nanoTime();
        return known.answer;
    }

    /** What the master has just answered. */
    synchronized void keep(String path, OpenResponse answer) {
        away = false;
        if (answer.getValidMillis() > 0) {
            byPath.put(path, new Known(answer));
        } else {
            byPath.remove(path);
        }
    }
}
