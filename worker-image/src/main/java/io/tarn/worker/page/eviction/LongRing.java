package io.tarn.worker.page.eviction;

import java.util.function.LongPredicate;

/** A FIFO of longs in one growing array, 8 bytes an element. Not thread-safe. */
final class LongRing {
    private long[] elements = new long[64];
    private int head;
    private int size;

    int size() {
        return size;
    }

    void add(long element) {
        if (size == elements.length) {
            resize(elements.length * 2);
        }
        elements[head + size & elements.length - 1] = element;
        size++;
    }

    /** Not to be called when empty. */
    long poll() {
        long element = elements[head];
        head = head + 1 & elements.length - 1;
        size--;
        return element;
    }

    /** Keeps what passes, in order, and gives back memory that is not needed. */
    void retain(LongPredicate kept) {
        int count = size;
        for (int i = 0; i < count; i++) {
            long element = poll();
            if (kept.test(element)) {
                add(element);
            }
        }
        int wanted = Math.max(64, Integer.highestOneBit(Math.max(1, size)) * 2);
        if (wanted < elements.length) {
            resize(wanted);
        }
    }

    private void resize(int length) {
        long[] larger = new long[length];
        for (int i = 0; i < size; i++) {
            larger[i] = elements[head + i & elements.length - 1];
        }
        elements = larger;
        head = 0;
    }
}
