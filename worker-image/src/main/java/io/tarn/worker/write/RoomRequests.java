package io.tarn.worker.write;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.TimeUnit;

/**
 * Brings writes that find no room together with the link to the master: it asks at once which versions nobody needs any more, such as those that were
 * replaced a moment ago, and deletes them. Safe for many threads.
 */
public final class RoomRequests {
    private static final long LONGEST_WAIT_MILLIS = 5_000;
    private static final int MOST_ATTEMPTS = 100;

    private boolean attended;
    private long asked;
    private long answered;
    private long deletedVersions;

    /** Something that needs room in the page store. */
    interface Storing {
        void run() throws TarnException;
    }

    /**
     * Repeats what finds no room as long as asking makes some.
     *
     * @param storing may be repeated where it failed with NO_SPACE
     */
    void withRoom(Storing storing) throws TarnException {
        long before = -1;
        for (int attempt = 1; ; attempt++) {
            try {
                storing.run();
                return;
            } catch (TarnException e) {
                long now = e.code() == ErrorCode.NO_SPACE ? ask() : before;
                if (now == before || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                before = now;
            }
        }
    }

    /**
     * Waits until the master has been asked and what it names is deleted, or five seconds; not at all while no master is there.
     *
     * @return how many versions were deleted so far
     */
    private synchronized long ask() throws TarnException {
        long mine = ++asked;
        notifyAll();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MILLIS);
        long leftMillis = LONGEST_WAIT_MILLIS;
        while (attended && answered < mine && leftMillis > 0) {
            await(leftMillis);
            leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        return deletedVersions;
    }

    private void await(long millis) throws TarnException {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.UNAVAILABLE, "the worker is stopping", e);
        }
    }

    /** For the link: whether there is a master to ask. */
    public synchronized void attend(boolean nowAttended) {
        attended = nowAttended;
        notifyAll();
    }

    /** For the link: waits for a request while there is a master, at most so long. */
    public synchronized void awaitRequest(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long leftMillis = millis;
        while (attended && asked == answered && leftMillis > 0) {
            wait(leftMillis);
            leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
    }

    /** For the link, before it asks: what {@link #answered} is to be told. */
    public synchronized long asked() {
        return asked;
    }

    /** For the link: whether somebody waits. */
    public synchronized boolean isWaiting() {
        return asked > answered;
    }

    /** For the link: all requests up to {@code upTo} are answered, since so many versions were deleted. */
    public synchronized void answered(long upTo, int deleted) {
        answered = Math.max(answered, upTo);
        deletedVersions += deleted;
        notifyAll();
    }
}
