package io.tarn.client.internal.master;

import io.tarn.protocol.v1.OpenResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers to opens that the master lets serve again for a while: of mounts in which nothing changes. The least recently used go first. Thread-safe. */
final class KnownOpens {
    private static final int MAX_PATHS = 20_000;

    private final Map<String, Known> byPath = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_PATHS;
        }
    };

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
        return known == null || System.nanoTime() - known.endNanos > 0 ? null : known.answer;
    }

    /** What the master has just answered. */
    synchronized void keep(String path, OpenResponse answer) {
        if (answer.getValidMillis() > 0) {
            byPath.put(path, new Known(answer));
        } else {
            byPath.remove(path);
        }
    }
}
