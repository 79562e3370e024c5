package io.tarn.master.election;

import io.tarn.master.etcd.HistoryStart;
import java.time.Duration;

/**
 * The right to lead in one epoch, until it runs out; it never comes back. Whoever answers a call looks at {@link #isValid} after the answer was made. Safe
 * for many threads.
 */
public final class Leadership {
    private final long revision;
    private final long epoch;
    private final MemberLease lease;
    private final long wonNanos = System.nanoTime();

    Leadership(long revision, HistoryStart history, MemberLease lease) {
        this.revision = revision;
        this.epoch = history.epoch() + revision;
        this.lease = lease;
    }

    /** Larger than that of any leader before. */
    public long epoch() {
        return epoch;
    }

    /** At which the leader's key was created in etcd. */
    public long revision() {
        return revision;
    }

    /** How long ago it was won. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - wonNanos);
    }

    /** Whether no other member can lead yet. */
    public boolean isValid() {
        return lease.isValid();
    }

    /** Calls back once when it has run out, at the latest a fifth of the lease later. */
    public void onLost(Runnable action) {
        lease.onLost(action);
    }

    MemberLease lease() {
        return lease;
    }
}
