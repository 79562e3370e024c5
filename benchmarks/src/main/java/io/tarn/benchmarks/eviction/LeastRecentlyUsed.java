package io.tarn.benchmarks.eviction;

import java.util.Arrays;

/** Evicts what was not used for the longest time: a doubly linked list in two arrays. */
public final class LeastRecentlyUsed implements Policy {
    private static final int ABSENT = -1;

    private final int[] older;
    private final int[] newer;
    private final int end;
    private final int capacity;
    private int size;

    /** @param distinctPages all that will be asked for are below */
    public LeastRecentlyUsed(int capacity, int distinctPages) {
        this.capacity = capacity;
        end = distinctPages;
        older = new int[distinctPages + 1];
        newer = new int[distinctPages + 1];
        Arrays.fill(older, ABSENT);
        older[end] = end;
        newer[end] = end;
    }

    @Override
    public boolean access(int page) {
        boolean hit = older[page] != ABSENT;
        if (hit) {
            unlink(page);
        } else if (size == capacity) {
            int oldest = newer[end];
            unlink(oldest);
            older[oldest] = ABSENT;
        } else {
            size++;
        }
        int newest = older[end];
        older[page] = newest;
        newer[page] = end;
        newer[newest] = page;
        older[end] = page;
        return hit;
    }

    private void unlink(int page) {
        newer[older[page]] = newer[page];
        older[newer[page]] = older[page];
    }
}
