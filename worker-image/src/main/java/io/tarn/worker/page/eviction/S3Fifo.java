package io.tarn.worker.page.eviction;

import java.util.concurrent.locks.ReentrantLock;

/**
 * S3-FIFO (Yang et al., SOSP 2023) over the pages of one directory: newcomers enter a small queue of a tenth of the bytes; what was used again there
 * moves to the main queue, the rest leaves and is remembered for a while as a ghost; a ghost that returns goes to the main queue at once; the main queue gives
 * each page another round for each use. So one scan of new data cannot push out what is used.
 *
 * <p>A hit touches the page's own frequency only, never the queues. A page costs 8 bytes here, and 16 as a ghost; a removed page stays behind as a stale
 * reference until it is met or the queue is half stale. Thread-safe: one lock, taken on admission and eviction.
 */
public final class S3Fifo {
    /** Uses again that take a page from the small queue to the main one. */
    private static final int FREQUENCY_TO_STAY = 1;

    private static final int SMALL_SHARE = 10;
    private static final int SLACK = 1024;

    private final Residents residents;
    private final ReentrantLock lock = new ReentrantLock();
    private final LongRing small = new LongRing();
    private final LongRing main = new LongRing();
    private final GhostTable ghosts = new GhostTable();
    private long smallBytes;
    private long mainBytes;
    private long smallPages;
    private long mainPages;

    public S3Fifo(Residents residents) {
        this.residents = residents;
    }

    /** A page came. */
    public void admit(long reference, int bytes) {
        lock.lock();
        try {
            long remembered = (smallPages + mainPages) * (SMALL_SHARE - 1) / SMALL_SHARE;
            if (ghosts.remove(residents.identityOf(reference), remembered) && residents.markInMain(reference)) {
                addToMain(reference, bytes);
            } else {
                addToSmall(reference, bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A page came that proved its worth elsewhere: in another tier, or before a restart. */
    public void admitToMain(long reference, int bytes) {
        lock.lock();
        try {
            if (residents.markInMain(reference)) {
                addToMain(reference, bytes);
            } else {
                addToSmall(reference, bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A page went otherwise than by {@link #evictOne}. */
    public void removed(int bytes, boolean fromMain) {
        lock.lock();
        try {
            subtract(bytes, fromMain);
        } finally {
            lock.unlock();
        }
    }

    /** Evicts one page. @return its bytes, or -1 where nothing can be evicted now */
    public int evictOne() {
        long budget = attemptBudget();
        while (budget-- > 0) {
            long victim;
            int bytes;
            lock.lock();
            try {
                victim = nextVictim();
                if (victim < 0) {
                    return -1;
                }
                bytes = residents.bytesOf(victim);
                if (bytes < 0) {
                    continue;
                }
            } finally {
                lock.unlock();
            }
            boolean fromMain = residents.isInMain(victim);
            long identity = residents.identityOf(victim);
            boolean evicted = residents.evict(victim);
            settle(victim, identity, bytes, fromMain, evicted);
            if (evicted) {
                return bytes;
            }
        }
        return -1;
    }

    /** Pages in both queues. */
    public long pages() {
        lock.lock();
        try {
            return smallPages + mainPages;
        } finally {
            lock.unlock();
        }
    }

    /** References in both queues, stale ones too. */
    long references() {
        lock.lock();
        try {
            return small.size() + (long) main.size();
        } finally {
            lock.unlock();
        }
    }

    private void settle(long victim, long identity, int bytes, boolean fromMain, boolean evicted) {
        lock.lock();
        try {
            if (evicted) {
                subtract(bytes, fromMain);
                if (!fromMain) {
                    ghosts.ensureCapacity(mainPages + smallPages);
                    ghosts.add(identity);
                }
            } else if (residents.bytesOf(victim) >= 0) {
                (residents.isInMain(victim) ? main : small).add(victim);
            }
        } finally {
            lock.unlock();
        }
    }

    private long attemptBudget() {
        lock.lock();
        try {
            return 2L * (small.size() + main.size()) + 2;
        } finally {
            lock.unlock();
        }
    }

    /** The next page without recent use, taken off its queue; -1 where both are empty. Each round takes uses away, so it ends. */
    private long nextVictim() {
        while (small.size() + main.size() > 0) {
            boolean takeSmall =
                    main.size() == 0 || small.size() > 0 && smallBytes * SMALL_SHARE >= smallBytes + mainBytes;
            long reference = takeSmall ? small.poll() : main.poll();
            int bytes = residents.bytesOf(reference);
            if (bytes < 0 || residents.isInMain(reference) == takeSmall) {
                continue;
            }
            int frequency = residents.frequencyOf(reference);
            if (takeSmall && frequency >= FREQUENCY_TO_STAY) {
                if (residents.markInMain(reference)) {
                    subtract(bytes, false);
                    addToMain(reference, bytes);
                }
            } else if (!takeSmall && frequency > 0) {
                residents.decrementFrequency(reference);
                main.add(reference);
            } else {
                return reference;
            }
        }
        return -1;
    }

    private void addToSmall(long reference, int bytes) {
        smallBytes += bytes;
        smallPages++;
        compactIfStale(small, smallPages, false);
        small.add(reference);
    }

    private void addToMain(long reference, int bytes) {
        mainBytes += bytes;
        mainPages++;
        compactIfStale(main, mainPages, true);
        main.add(reference);
    }

    private void subtract(int bytes, boolean fromMain) {
        if (fromMain) {
            mainBytes -= bytes;
            mainPages--;
        } else {
            smallBytes -= bytes;
            smallPages--;
        }
    }

    private void compactIfStale(LongRing queue, long live, boolean isMain) {
        if (queue.size() > 2 * live + SLACK) {
            queue.retain(reference -> residents.bytesOf(reference) >= 0 && residents.isInMain(reference) == isMain);
        }
    }
}
