package io.tarn.worker.fill;

import io.netty.buffer.ByteBuf;
import io.tarn.protocol.error.TarnException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One page on its way from an under store, shared by all who wait for it: bytes up to a watermark can be read while the rest is still coming.
 *
 * <p>Readers {@link #attach} before they look and {@link #detach} after; the buffer is given back when the run that fills it and all readers have let
 * go. Safe for many threads.
 */
public final class PageFill {
    /** Told once about progress, by the thread that fills; must not block. */
    public interface Waiter {
        void progressed();
    }

    /** Readers that want more are told so often. */
    private static final int STEP_BYTES = 256 << 10;

    private final PageKey key;
    private final int lengthBytes;
    private final FillRun run;
    private final long createdNanos = System.nanoTime();
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private @Nullable ByteBuf buffer;
    private int uses = 1;
    private volatile boolean wanted;
    private volatile int available;
    /** Where the next waiter wants to be told. */
    private volatile int nextStep = Integer.MAX_VALUE;

    private volatile boolean abandoned;
    private volatile @Nullable TarnException failure;

    PageFill(PageKey key, int lengthBytes, FillRun run) {
        this.key = key;
        this.lengthBytes = lengthBytes;
        this.run = run;
    }

    /** Keeps the buffer until {@link #detach}. False where it is gone already: look into the page store again. */
    public synchronized boolean attach() {
        if (uses == 0) {
            return false;
        }
        uses++;
        wanted = true;
        return true;
    }

    /** Ends an {@link #attach}. */
    public void detach() {
        letGo();
        run.readerLeft(this);
    }

    /** Bytes from the start of the page on that can be read. */
    public int availableBytes() {
        return available;
    }

    /** Why no more bytes will come, or null. */
    public @Nullable TarnException failure() {
        return failure;
    }

    /** Nobody fills this any more, though nothing failed: look into the page store again. */
    public boolean abandoned() {
        return abandoned;
    }

    /** Ends when nothing more happens to the page: whether it is in the page store now. */
    public CompletableFuture<Boolean> outcome() {
        return outcome;
    }

    /** A part of the available bytes, to be released by the caller; needs {@link #attach}. */
    public synchronized ByteBuf slice(int from, int to) {
        ByteBuf bytes = buffer;
        if (bytes == null || to > available) {
            throw new IllegalStateException("bytes " + from + " to " + to + " of a page with " + available);
        }
        return bytes.retainedSlice(from, to - from);
    }

    /**
     * Asks to be told once when bytes {@code from} to {@code to}, or a good part of them, are available, or no more will come.
     *
     * @return false where that is so already; then {@code waiter} is not called
     */
    public synchronized boolean await(int from, int to, Waiter waiter) {
        // Set before the look: whoever fills looks at it after each piece, and one of the two sees the other.
        nextStep = Math.min(nextStep, Math.min(to, from + STEP_BYTES));
        if (enough(from, to) || abandoned || failure != null) {
            return false;
        }
        waiters.add(waiter);
        return true;
    }

    /** Whether it is worth while to take what is available of these bytes. */
    public boolean enough(int from, int to) {
        return available >= Math.min(to, from + STEP_BYTES);
    }

    /** Some reader has waited for it. */
    boolean wanted() {
        return wanted;
    }

    PageKey key() {
        return key;
    }

    FillRun run() {
        return run;
    }

    int lengthBytes() {
        return lengthBytes;
    }

    long ageNanos() {
        return System.nanoTime() - createdNanos;
    }

    synchronized void begin(ByteBuf emptyBuffer) {
        buffer = emptyBuffer;
    }

    synchronized boolean begun() {
        return buffer != null;
    }

    /** Appends up to the end of the page; with {@code publish}, readers see it in steps. */
    void append(ByteBuffer source, boolean publish) {
        ByteBuf target = requireBuffer();
        int count = Math.min(source.remaining(), lengthBytes - target.writerIndex());
        ByteBuffer part = source.slice(source.position(), count);
        target.writeBytes(part);
        source.position(source.position() + count);
        if (publish) {
            int written = target.writerIndex();
            available = written;
            if (written >= nextStep) {
                publish();
            }
        }
    }

    /** Bytes that have come, shown or not. */
    int writtenBytes() {
        ByteBuf bytes = buffer;
        return bytes == null ? 0 : bytes.writerIndex();
    }

    boolean full() {
        ByteBuf bytes = buffer;
        return bytes != null && bytes.writerIndex() == lengthBytes;
    }

    /** All bytes, for storing; valid while the run has not {@link #letGo let go}. */
    ByteBuffer content() {
        return requireBuffer().nioBuffer(0, lengthBytes);
    }

    void publish() {
        List<Waiter> told;
        synchronized (this) {
            available = requireBuffer().writerIndex();
            told = takeWaiters();
        }
        told.forEach(Waiter::progressed);
    }

    void fail(TarnException cause) {
        List<Waiter> told;
        synchronized (this) {
            failure = cause;
            told = takeWaiters();
        }
        told.forEach(Waiter::progressed);
        outcome.complete(false);
        letGo();
    }

    void abandon() {
        List<Waiter> told;
        synchronized (this) {
            abandoned = true;
            told = takeWaiters();
        }
        told.forEach(Waiter::progressed);
        outcome.complete(false);
        letGo();
    }

    /** Only the run holds it: nobody reads it now. */
    synchronized boolean idle() {
        return uses == 1;
    }

    /** Gives up one use; the last one frees the buffer. */
    void letGo() {
        boolean freed = false;
        synchronized (this) {
            if (uses == 0) {
                throw new IllegalStateException("page " + key + " was let go too often");
            }
            uses--;
            ByteBuf bytes = buffer;
            if (uses == 0 && bytes != null) {
                buffer = null;
                bytes.release();
                freed = true;
            }
        }
        if (freed) {
            run.memoryFreed(lengthBytes);
        }
    }

    private ByteBuf requireBuffer() {
        ByteBuf bytes = buffer;
        if (bytes == null) {
            throw new IllegalStateException("page " + key + " has no buffer");
        }
        return bytes;
    }

    private List<Waiter> takeWaiters() {
        if (waiters.isEmpty()) {
            return List.of();
        }
        List<Waiter> taken = List.copyOf(waiters);
        waiters.clear();
        nextStep = Integer.MAX_VALUE;
        return taken;
    }
}
