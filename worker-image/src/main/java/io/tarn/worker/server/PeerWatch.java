package io.tarn.worker.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disconnects peers that only cost: those that send nothing after connecting, take nothing of what they asked for, or hold a connection without using
 * it. Used on the connection's event loop.
 */
final class PeerWatch {
    private static final Logger log = LoggerFactory.getLogger(PeerWatch.class);

    private final ChannelHandlerContext context;
    private final ServerSettings settings;
    private final BooleanSupplier unused;
    private final Future<?> timer;
    private boolean anyFrame;
    private long lastFrameNanos = System.nanoTime();
    private long stalledSinceNanos;
    private boolean stalled;

    PeerWatch(ChannelHandlerContext context, ServerSettings settings, BooleanSupplier unused) {
        this.context = context;
        this.settings = settings;
        this.unused = unused;
        long shortest = Math.min(
                settings.frameTimeout().toMillis(),
                Math.min(
                        settings.stallTimeout().toMillis(),
                        settings.idleTimeout().toMillis()));
        long periodMillis = Math.max(50, shortest / 4);
        timer = context.executor().scheduleAtFixedRate(this::look, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }

    void frameArrived() {
        anyFrame = true;
        lastFrameNanos = System.nanoTime();
    }

    void writabilityChanged(boolean writable) {
        stalled = !writable;
        stalledSinceNanos = System.nanoTime();
    }

    void stop() {
        timer.cancel(false);
    }

    private void look() {
        long now = System.nanoTime();
        String reason = reason(now);
        if (reason != null) {
            log.info("closing {}: {}", context.channel().remoteAddress(), reason);
            context.close();
        }
    }

    private @Nullable String reason(long now) {
        if (stalled && now - stalledSinceNanos > settings.stallTimeout().toNanos()) {
            return "it takes nothing of what it asked for";
        }
        if (!anyFrame && now - lastFrameNanos > settings.frameTimeout().toNanos()) {
            return "it sent no frame after connecting";
        }
        if (unused.getAsBoolean()
                && now - lastFrameNanos > settings.idleTimeout().toNanos()) {
            return "it is idle";
        }
        return null;
    }
}
