package io.tarn.worker.page.store;

import io.tarn.worker.page.PageStore;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** A bounded pool of page-sized direct buffers, for checks and moves. Takers wait. Thread-safe. */
final class PageBuffers {
    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final Semaphore permits;

    PageBuffers(int bound) {
        permits = new Semaphore(bound);
    }

    ByteBuffer take() {
        permits.acquireUninterruptibly();
        ByteBuffer buffer = free.poll();
        return (buffer == null ? ByteBuffer.allocateDirect(PageStore.PAGE_BYTES) : buffer).clear();
    }

    void giveBack(ByteBuffer buffer) {
        free.add(buffer);
        permits.release();
    }
}
