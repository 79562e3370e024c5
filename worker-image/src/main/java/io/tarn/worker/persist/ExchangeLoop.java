package io.tarn.worker.persist;

import io.tarn.protocol.error.TarnException;
import io.tarn.worker.cluster.ClusterView;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats one kind of exchange with the master on a thread of its own, at the next master with growing pauses where one fails. */
final class ExchangeLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExchangeLoop.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** Between exchanges, so that a master that answers everything at once is not asked without pause. */
    private static final long SHORTEST_PAUSE_MILLIS = 2;

    private final PersistMaster master;
    private final ClusterView cluster;
    private final Exchange exchange;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    /** What is repeated. */
    interface Exchange {
        void with(PersistMaster master) throws TarnException, InterruptedException;
    }

    ExchangeLoop(String name, PersistMaster master, ClusterView cluster, Exchange exchange) {
        this.master = master;
        this.cluster = cluster;
        this.exchange = exchange;
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        try {
            while (!stopped.await(SHORTEST_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (!cluster.isRegistered()) {
                    stopped.await(FIRST_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                    continue;
                }
                try {
                    exchange.with(master);
                    pauseMillis = FIRST_PAUSE_MILLIS;
                } catch (TarnException e) {
                    log.debug("persists cannot be talked about: {}", e.getMessage());
                    master.next();
                    stopped.await(pauseMillis, TimeUnit.MILLISECONDS);
                    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
                } catch (RuntimeException | Error e) {
                    log.error("persists cannot be talked about for an unexpected reason; trying again", e);
                    stopped.await(LONGEST_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        master.close();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        master.close();
    }
}
