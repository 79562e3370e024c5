package io.tarn.benchmarks.eviction;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Evicts what is used again last, which takes knowing the future: the bound for all others. */
final class Belady implements Policy {
    private final long[] nextUse;
    private final TreeMap<Long, Long> pageByNextUse = new TreeMap<>();
    private final Map<Long, Long> nextUseByPage = new HashMap<>();
    private final long capacity;
    private int step;

    /** @param future all accesses that will come, in order */
    Belady(long capacity, long[] future) {
        this.capacity = capacity;
        this.nextUse = new long[future.length];
        Map<Long, Long> later = new HashMap<>();
        for (int i = future.length - 1; i >= 0; i--) {
            Long next = later.put(future[i], (long) i);
            nextUse[i] = next == null ? future.length + (long) i : next;
        }
    }

    @Override
    public boolean access(long page) {
        long next = nextUse[step++];
        Long expected = nextUseByPage.get(page);
        if (expected != null) {
            pageByNextUse.remove(expected);
        } else if (nextUseByPage.size() >= capacity) {
            if (pageByNextUse.lastKey() < next) {
                return false;
            }
            nextUseByPage.remove(pageByNextUse.pollLastEntry().getValue());
        }
        nextUseByPage.put(page, next);
        pageByNextUse.put(next, page);
        return expected != null;
    }
}
