package io.tarn.master.election;

import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.protocol.error.TarnException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease of etcd that is kept alive. It counts as valid until a quarter before its end, reckoned from when the last answered keep-alive was <em>sent</em>, by
 * the monotonic clock: etcd reckons from when it took that, which is later. Once over it stays so. Safe for many threads.
 */
final class MemberLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLease.class);
    private static final int KEEP_ALIVES_PER_LEASE = 5;
    private static final int MARGIN_PART = 4;

    private final EtcdConnection etcd;
    private final long id;
    private final long validNanos;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("master-lease").factory());
    private final List<Runnable> whenLost = new ArrayList<>();
    private volatile long validUntilNanos;
    private volatile boolean over;
    private boolean told;

    private MemberLease(EtcdConnection etcd, long id, Duration length, long sentNanos) {
        this.etcd = etcd;
        this.id = id;
        this.validNanos = length.toNanos() - length.toNanos() / MARGIN_PART;
        this.validUntilNanos = sentNanos + validNanos;
        long periodNanos = length.toNanos() / KEEP_ALIVES_PER_LEASE;
        keeper.scheduleAtFixedRate(this::keepAlive, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
    }

    /** Takes a new lease. Waits for etcd. */
    static MemberLease take(EtcdConnection etcd, Duration length) throws TarnException {
        long sentNanos = System.nanoTime();
        long id = etcd.await(etcd.client().getLeaseClient().grant(length.toSeconds()), "take a lease for the election")
                .getID();
        return new MemberLease(etcd, id, length, sentNanos);
    }

    long id() {
        return id;
    }

    boolean isValid() {
        if (!over && System.nanoTime() - validUntilNanos >= 0) {
            over = true;
        }
        return !over;
    }

    /** Calls back once when it is over; at once where that has been told already. */
    synchronized void onLost(Runnable action) {
        if (told) {
            action.run();
        } else {
            whenLost.add(action);
        }
    }

    private void keepAlive() {
        if (!isValid()) {
            tellLost();
            return;
        }
        long sentNanos = System.nanoTime();
        CompletableFuture<LeaseKeepAliveResponse> answer =
                etcd.client().getLeaseClient().keepAliveOnce(id);
        var unused = answer.orTimeout(validNanos, TimeUnit.NANOSECONDS).whenComplete((kept, failure) -> {
            if (failure != null) {
                LOG.warn("A keep-alive of this master's lease failed: {}", failure.getMessage());
            } else if (kept.getTTL() > 0) {
                extend(sentNanos + validNanos);
            } else {
                over = true;
            }
        });
    }

    private synchronized void extend(long untilNanos) {
        if (untilNanos - validUntilNanos > 0) {
            validUntilNanos = untilNanos;
        }
    }

    private synchronized void tellLost() {
        told = true;
        keeper.shutdown();
        whenLost.forEach(Runnable::run);
        whenLost.clear();
    }

    /** Gives it up, and with it all keys that live on it. */
    @Override
    public void close() {
        over = true;
        keeper.shutdown();
        try {
            etcd.await(etcd.client().getLeaseClient().revoke(id), "give up this master's lease");
        } catch (TarnException e) {
            LOG.info("This master's lease ends by itself: {}", e.getMessage());
        }
    }
}
