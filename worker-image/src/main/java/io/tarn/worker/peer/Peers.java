package io.tarn.worker.peer;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.worker.cluster.ClusterView;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The other workers, as far as the master has told of them. Lines are kept for a while for whoever needs one next; those whose peer is silent while somebody waits for it are
 * closed. Safe for many threads.
 */
public final class Peers implements AutoCloseable {
    private static final long ROUND_MILLIS = 500;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_IDLE = 256;

    private final ClusterView cluster;
    private final Set<PeerLine> lines = ConcurrentHashMap.newKeySet();
    private final Deque<Idle> idle = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Peers(ClusterView cluster) {
        this.cluster = cluster;
    }

    /** Begins to watch over the lines that will be opened. */
    public static Peers start(ClusterView cluster) {
        Peers peers = new Peers(cluster);
        Thread.ofVirtual().name("tarn-peers").start(peers::watch);
        return peers;
    }

    /** A line that nobody uses. */
    private record Idle(PeerLine line, long sinceNanos) {}

    /** A line that was used before, of the caller's own until {@link #keep}; null where there is none. It may turn out to be closed. */
    public @Nullable PeerLine kept(long workerId) {
        WorkerAddress address = cluster.address(workerId);
        synchronized (idle) {
            for (Iterator<Idle> each = idle.iterator(); each.hasNext(); ) {
                PeerLine line = each.next().line();
                if (line.peer().equals(address)) {
                    each.remove();
                    return line;
                }
            }
        }
        return null;
    }

    /** For others; nothing may be unanswered on it. */
    public void keep(PeerLine line) {
        synchronized (idle) {
            if (idle.size() < MAX_IDLE && closed.getCount() > 0) {
                idle.addFirst(new Idle(line, System.nanoTime()));
                return;
            }
        }
        line.close();
    }

    /**
     * A line of the caller's own, which closes it; waits at most five seconds for it.
     *
     * @throws TarnException UNAVAILABLE where that worker is not known or does not answer
     */
    public PeerLine connect(long workerId) throws TarnException {
        WorkerAddress address = cluster.address(workerId);
        if (address == null) {
            throw new TarnException(ErrorCode.UNAVAILABLE, "worker " + Long.toHexString(workerId) + " is not known");
        }
        try {
            PeerLine line = PeerLine.connect(address, lines::remove);
            lines.add(line);
            if (closed.getCount() == 0) {
                line.close();
            }
            return line;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "worker " + Long.toHexString(workerId) + " at " + address.getHost() + ":" + address.getDataPort()
                            + " does not answer: " + e.getMessage(),
                    e);
        }
    }

    private void watch() {
        try {
            while (!closed.await(ROUND_MILLIS, TimeUnit.MILLISECONDS)) {
                lines.stream().filter(PeerLine::isLate).forEach(PeerLine::close);
                takeUnused().forEach(PeerLine::close);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<PeerLine> takeUnused() {
        List<PeerLine> unused = new ArrayList<>();
        synchronized (idle) {
            while (!idle.isEmpty() && System.nanoTime() - idle.getLast().sinceNanos() > IDLE_NANOS) {
                unused.add(idle.removeLast().line());
            }
        }
        return unused;
    }

    @Override
    public void close() {
        closed.countDown();
        lines.forEach(PeerLine::close);
    }
}
