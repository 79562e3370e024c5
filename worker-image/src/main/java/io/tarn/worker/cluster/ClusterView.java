package io.tarn.worker.cluster;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.placement.Labels;
import io.tarn.protocol.ticket.TicketSigner;
import io.tarn.protocol.v1.Member;
import io.tarn.protocol.v1.WorkerAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the master has told this worker. Stays as it is while the master is away. Safe for many threads. */
public final class ClusterView {
    private final long workerId;
    private final InstantSource clock;
    private final AtomicLong epoch = new AtomicLong();
    private volatile @Nullable TicketSigner signer;
    private byte[] key = {};
    private volatile List<Member> members = List.of();
    private volatile boolean hasMaster;
    private final Map<Long, WorkerAddress> addresses = new ConcurrentHashMap<>();

    public ClusterView(long workerId, InstantSource clock) {
        this.workerId = workerId;
        this.clock = clock;
    }

    public long workerId() {
        return workerId;
    }

    public InstantSource clock() {
        return clock;
    }

    /** The newest epoch of a leader that this worker has heard of; 0 before the first. */
    public long epoch() {
        return epoch.get();
    }

    /** Takes note of an epoch; older ones are ignored. */
    public void sawEpoch(long seen) {
        epoch.accumulateAndGet(seen, (known, next) -> Long.compareUnsigned(next, known) > 0 ? next : known);
    }

    /** @throws TarnException STALE_EPOCH for one older than this worker's; 0 = the sender has none */
    public void requireCurrent(long senderEpoch) throws TarnException {
        if (senderEpoch != 0 && Long.compareUnsigned(senderEpoch, epoch.get()) < 0) {
            throw new TarnException(
                    ErrorCode.STALE_EPOCH,
                    "epoch " + senderEpoch + " is over, this worker follows " + epoch.get() + "; ask the master again");
        }
    }

    /** Takes the cluster's ticket key. */
    public synchronized void useTicketKey(byte[] newKey) {
        if (!Arrays.equals(key, newKey)) {
            signer = new TicketSigner(newKey, clock);
            key = newKey.clone();
        }
    }

    /** Takes the list of the workers that are up. */
    public void useMembers(List<Member> newMembers) {
        newMembers.forEach(member -> addresses.put(member.getAddress().getWorkerId(), member.getAddress()));
        members = List.copyOf(newMembers);
    }

    /** Where a worker is, or was when it was last known to be up; null where it never was. */
    public @Nullable WorkerAddress address(long id) {
        return addresses.get(id);
    }

    /** The zone of a worker; "" where it names none, or is not known. */
    public String zone(long id) {
        WorkerAddress address = addresses.get(id);
        return address == null ? "" : address.getLabelsOrDefault(Labels.ZONE, "");
    }

    /** The workers that are up, this one among them; empty before the first registration. */
    public List<Member> members() {
        return members;
    }

    /** Whether a master answered when one was asked last. */
    public boolean hasMaster() {
        return hasMaster;
    }

    public void setHasMaster(boolean answers) {
        hasMaster = answers;
    }

    /** Whether a master has ever answered. */
    public boolean isRegistered() {
        return signer != null;
    }

    /** @throws TarnException UNAVAILABLE before the first registration */
    public TicketSigner signer() throws TarnException {
        TicketSigner known = signer;
        if (known == null) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE, "this worker has not reached its master yet; try again in a moment");
        }
        return known;
    }
}
