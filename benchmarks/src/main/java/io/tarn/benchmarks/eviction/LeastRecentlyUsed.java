package io.tarn.benchmarks.eviction;

import java.util.LinkedHashMap;
import java.util.Map;

/** Evicts what was not used for the longest time. */
final class LeastRecentlyUsed implements Policy {
    private final LinkedHashMap<Long, Boolean> pages = new LinkedHashMap<>(16, 0.75f, true);
    private final long capacity;

    LeastRecentlyUsed(long capacity) {
        this.capacity = capacity;
    }

    @Override
    public boolean access(long page) {
        if (pages.get(page) != null) {
            return true;
        }
        if (pages.size() >= capacity) {
            Map.Entry<Long, Boolean> eldest = pages.firstEntry();
            pages.remove(eldest.getKey());
        }
        pages.put(page, true);
        return false;
    }
}
