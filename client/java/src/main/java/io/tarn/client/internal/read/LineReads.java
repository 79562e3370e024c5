package io.tarn.client.internal.read;

import io.tarn.client.internal.data.Endpoint;
import io.tarn.client.internal.data.Line;
import io.tarn.client.internal.data.Lines;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of one file by the calling thread itself. Nothing is tried twice here: whatever goes wrong, the caller goes the long way, which knows other workers,
 * new tickets and patience; and lines are left alone for a while. Thread-safe.
 */
final class LineReads {
    private static final Logger LOG = LoggerFactory.getLogger(LineReads.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReadServices services;
    private final Admission admission;
    private final Lines lines;
    private final Map<Line, Long> handles = new ConcurrentHashMap<>();
    private volatile long notBeforeNanos = System.nanoTime();
    private volatile boolean closed;

    LineReads(ReadServices services, Admission admission) {
        this.services = services;
        this.admission = admission;
        this.lines = services.lines();
    }

    /**
     * Fills {@code into}, whose position does not move, with bytes that lie within the file.
     *
     * @return whether it did; false: read another way
     * @throws TarnException TIMEOUT with the interrupt flag set where the thread was interrupted
     */
    boolean read(long position, ByteBuffer into, int flags) throws TarnException {
        CompletableFuture<Endpoint> endpoint = admission.endpoint();
        if (System.nanoTime() - notBeforeNanos < 0
                || !endpoint.isDone()
                || endpoint.isCompletedExceptionally()
                || services.hedges().slowWorkers().avoid(endpoint.join())) {
            return false;
        }
        Line line = null;
        try {
            line = lines.take(endpoint.join());
            if (line == null) {
                return false;
            }
            services.counters().request();
            read(line, position, into, flags);
            return true;
        } catch (IOException e) {
            failed(line, e);
            return false;
        }
    }

    private void read(Line line, long position, ByteBuffer into, int flags) throws IOException {
        Hedge hedge = new Hedge(
                services.hedges(),
                new LineRead(line),
                into.remaining(),
                buffer -> new CopyRead(services, admission, line.endpoint(), position, buffer, flags));
        if (admission.hasOthers()) {
            services.hedges().watch(hedge);
        }
        IOException failure = null;
        try {
            line.read(handle(line), position, into, flags);
        } catch (IOException e) {
            failure = e;
        }
        if (hedge.end(failure == null, into)) {
            handles.remove(line);
            lines.discard(line);
        } else if (failure != null) {
            throw failure;
        } else {
            lines.giveBack(line);
            services.counters().received(line.endpoint().isUnixSocket(), into.remaining());
        }
    }

    /** What the calling thread waits for. */
    private final class LineRead implements Hedge.First {
        private final Line line;

        LineRead(Line line) {
            this.line = line;
        }

        @Override
        public Endpoint worker() {
            return line.endpoint();
        }

        @Override
        public long progressNanos() {
            return line.progressNanos();
        }

        @Override
        public void giveUp() {
            lines.discard(line);
        }
    }

    private long handle(Line line) throws IOException {
        Long known = handles.get(line);
        if (known != null) {
            return known;
        }
        handles.keySet().removeIf(each -> !each.isOpen());
        long opened = line.open(admission.openRead());
        handles.put(line, opened);
        if (closed) {
            close();
        }
        return opened;
    }

    private void failed(@Nullable Line line, IOException failure) throws TarnException {
        if (line != null) {
            handles.remove(line);
            lines.discard(line);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new TarnException(ErrorCode.TIMEOUT, "the calling thread was interrupted", failure);
        }
        LOG.debug("a read goes the long way", failure);
        notBeforeNanos = System.nanoTime() + PAUSE_NANOS;
    }

    void close() {
        closed = true;
        handles.keySet().forEach(line -> {
            Long handle = handles.remove(line);
            if (handle != null) {
                lines.release(line, handle);
            }
        });
    }
}
