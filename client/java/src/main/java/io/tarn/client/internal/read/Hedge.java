package io.tarn.client.internal.read;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tarn.client.internal.data.Endpoint;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One read and, once nothing has come of it for too long, a second one of what another worker has cached: whichever is first ends the other. The second goes into
 * a buffer of its own, so that what comes late never meets what the caller has been given. Thread-safe.
 */
final class Hedge {
    /** The first read. */
    interface First {
        Endpoint worker();

        /** When it began, or something last came of it, on the scale of {@link System#nanoTime}. */
        long progressNanos();

        /** It need not go on: it ends soon, with any failure, unless it has ended. */
        void giveUp();
    }

    private final Hedges hedges;
    private final First first;
    private final int lengthBytes;
    private final Function<ByteBuffer, CopyRead> seconds;
    private @Nullable CopyRead second;
    private @Nullable ByteBuf won;
    private boolean ended;

    /** @param seconds makes a second read into a buffer */
    Hedge(Hedges hedges, First first, int lengthBytes, Function<ByteBuffer, CopyRead> seconds) {
        this.hedges = hedges;
        this.first = first;
        this.lengthBytes = lengthBytes;
        this.seconds = seconds;
    }

    boolean isLate(long silentNanos) {
        return System.nanoTime() - first.progressNanos() > silentNanos;
    }

    /** Starts the second read; call once. {@code whenOver} runs when its buffer is free again. */
    void begin(Runnable whenOver) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(lengthBytes, lengthBytes);
        CopyRead read = seconds.apply(buffer.nioBuffer(0, lengthBytes));
        if (!began(read)) {
            buffer.release();
            whenOver.run();
            return;
        }
        var unused = read.start().whenComplete((bytes, failure) -> {
            if (failure == null && overtakes(buffer)) {
                first.giveUp();
            } else {
                buffer.release();
            }
            whenOver.run();
        });
    }

    private synchronized boolean began(CopyRead read) {
        second = ended ? null : read;
        return !ended;
    }

    private synchronized boolean overtakes(ByteBuf bytes) {
        won = ended ? null : bytes;
        return !ended;
    }

    /**
     * The first read has ended, one way or another; call once.
     *
     * @param answered whether it has its bytes
     * @param into has the bytes if this returns true; its position does not move
     * @return whether the second read was faster
     */
    boolean end(boolean answered, ByteBuffer into) {
        ByteBuf bytes;
        CopyRead running;
        synchronized (this) {
            ended = true;
            bytes = won;
            won = null;
            running = second;
        }
        hedges.ended(this);
        if (bytes != null) {
            into.duplicate().put(bytes.internalNioBuffer(0, lengthBytes));
            bytes.release();
            hedges.overtaken(first.worker());
            return true;
        }
        if (running != null) {
            running.cancel();
        } else if (answered) {
            hedges.slowWorkers().remove(first.worker());
        }
        return false;
    }
}
