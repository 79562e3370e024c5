package io.tarn.benchmarks.raw;

import java.util.SplittableRandom;

/** Where the next read goes: onwards, or anywhere; always a multiple of the read's length. For one thread. */
public final class Offsets {
    private final long slots;
    private final int lengthBytes;
    private final SplittableRandom random;
    private final boolean sequential;
    private long slot;

    private Offsets(long fileBytes, int lengthBytes, boolean sequential, int thread, int threads) {
        slots = fileBytes / lengthBytes;
        this.lengthBytes = lengthBytes;
        this.sequential = sequential;
        random = new SplittableRandom(thread);
        slot = slots * thread / threads;
    }

    /** From the thread's share of the file on, and around. */
    public static Offsets sequential(long fileBytes, int lengthBytes, int thread, int threads) {
        return new Offsets(fileBytes, lengthBytes, true, thread, threads);
    }

    /** Uniformly anywhere; the same for the same thread in each round. */
    public static Offsets random(long fileBytes, int lengthBytes, int thread) {
        return new Offsets(fileBytes, lengthBytes, false, thread, 1);
    }

    public long next() {
        slot = sequential ? (slot + 1) % slots : random.nextLong(slots);
        return slot * lengthBytes;
    }
}
