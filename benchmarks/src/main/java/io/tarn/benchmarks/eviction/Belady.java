package io.tarn.benchmarks.eviction;

import java.util.Arrays;
import java.util.TreeSet;

/** Evicts what is used again last, which takes knowing the future: the bound for all others. */
public final class Belady implements Policy {
    private static final int ABSENT = -1;

    private final int[] future;
    private final int[] nextUse;
    private final int[] nextUseOfPage;
    private final TreeSet<Integer> nextUses = new TreeSet<>();
    private final int capacity;
    private int step;

    /** @param future all accesses that will come, in order, at most a billion */
    public Belady(int capacity, int distinctPages, int[] future) {
        this.capacity = capacity;
        this.future = future;
        nextUseOfPage = new int[distinctPages];
        nextUse = new int[future.length];
        int[] later = new int[distinctPages];
        Arrays.fill(later, ABSENT);
        Arrays.fill(nextUseOfPage, ABSENT);
        for (int i = future.length - 1; i >= 0; i--) {
            nextUse[i] = later[future[i]] == ABSENT ? future.length + i : later[future[i]];
            later[future[i]] = i;
        }
    }

    @Override
    public boolean access(int page) {
        int next = nextUse[step];
        step++;
        boolean hit = nextUseOfPage[page] != ABSENT;
        if (hit) {
            nextUses.remove(nextUseOfPage[page]);
        } else if (nextUses.size() >= capacity) {
            if (nextUses.last() < next) {
                return false;
            }
            int farthest = nextUses.pollLast();
            nextUseOfPage[future[farthest < future.length ? farthest : farthest - future.length]] = ABSENT;
        }
        nextUseOfPage[page] = next;
        nextUses.add(next);
        return hit;
    }
}
