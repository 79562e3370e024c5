package io.tarn.understore.s3;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * Bounds the parts that are on their way, and keeps their buffers for the next ones. A writer fills a buffer of its own, which grows to a part's size;
 * only a part that is being sent needs a permit, so writers that wait for their callers never hold up the others.
 *
 * <p>Safe for use by many threads.
 */
final class UploadBuffers {
    private final int partBytes;
    private final int kept;
    private final Semaphore inFlight;
    private final Deque<byte[]> free = new ArrayDeque<>();

    UploadBuffers(int partBytes, int uploadsInFlight) {
        this.partBytes = partBytes;
        this.kept = uploadsInFlight;
        this.inFlight = new Semaphore(uploadsInFlight, true);
    }

    int partBytes() {
        return partBytes;
    }

    /** A buffer of a part's size, with old bytes in it. */
    synchronized byte[] take() {
        byte[] buffer = free.pollFirst();
        return buffer == null ? new byte[partBytes] : buffer;
    }

    synchronized void giveBack(byte[] buffer) {
        if (buffer.length == partBytes && free.size() < kept) {
            free.addFirst(buffer);
        }
    }

    /** Waits until another part may be sent. */
    void acquire() throws InterruptedException {
        inFlight.acquire();
    }

    void release() {
        inFlight.release();
    }
}
