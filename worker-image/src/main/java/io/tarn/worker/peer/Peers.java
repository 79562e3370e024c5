package io.tarn.worker.peer;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.WorkerAddress;
import io.tarn.worker.cluster.ClusterView;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The other workers, as far as the master has told of them. Closes lines whose peer is silent while somebody waits for it. Safe for many threads. */
public final class Peers implements AutoCloseable {
    private static final long ROUND_MILLIS = 500;

    private final ClusterView cluster;
    private final Set<PeerLine> lines = ConcurrentHashMap.newKeySet();
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

    /**
     * A line of the caller's own, which closes it; waits at most five seconds for it.
     *
     * @throws TarnException UNAVAILABLE where that worker is not up or does not answer
     */
    public PeerLine connect(long workerId) throws TarnException {
        WorkerAddress address = cluster.members().stream()
                .map(Member::getAddress)
                .filter(known -> known.getWorkerId() == workerId)
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.UNAVAILABLE, "worker " + Long.toHexString(workerId) + " is not up"));
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
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        lines.forEach(PeerLine::close);
    }
}
