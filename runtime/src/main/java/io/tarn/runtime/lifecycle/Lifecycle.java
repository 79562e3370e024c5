package io.tarn.runtime.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The started parts of a process. Each is added once it has started; {@link #close} closes them, the last first, and goes on where one fails. A start that
 * fails half-way closes what it had started by closing its lifecycle.
 *
 * <p>Thread-safe.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean closed;

    private record Part(String name, AutoCloseable closing) {}

    /**
     * Keeps a started part, or anything to be done at the end.
     *
     * @param name as the log names it, for instance "worker data plane"
     * @throws IllegalStateException where everything is closed already; the part is closed first
     */
    public <T extends AutoCloseable> T add(String name, T part) {
        synchronized (this) {
            if (!closed) {
                parts.push(new Part(name, part));
                return part;
            }
        }
        closePart(new Part(name, part));
        throw new IllegalStateException("stopped while " + name + " was starting");
    }

    /** Closes all parts, the last first. Failures are logged and stop nothing. Idempotent. */
    @Override
    public void close() {
        for (Part part = nextToClose(); part != null; part = nextToClose()) {
            closePart(part);
        }
    }

    private synchronized @Nullable Part nextToClose() {
        closed = true;
        return parts.poll();
    }

    private static void closePart(Part part) {
        try {
            part.closing().close();
            LOG.debug("closed {}", part.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("interrupted while closing {}", part.name());
        } catch (Exception e) {
            LOG.warn("closing {} failed", part.name(), e);
        }
    }
}
