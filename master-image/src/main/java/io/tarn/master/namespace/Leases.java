package io.tarn.master.namespace;

import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.PendingFile;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

/**
 * Which client writes which file, and until when without a sign of life. Soft state: after a restart every file being written has a full lease again. Safe
 * for many threads.
 */
final class Leases {
    private final Map<Long, Lease> byInode = new ConcurrentHashMap<>();
    private final Set<Long> released = ConcurrentHashMap.newKeySet();
    private final Set<Long> sealing = ConcurrentHashMap.newKeySet();
    private final InstantSource clock;
    private final long durationMillis;

    private record Lease(long clientId, long expiresMillis) {}

    Leases(InstantSource clock, long durationMillis) {
        this.clock = clock;
        this.durationMillis = durationMillis;
    }

    long durationMillis() {
        return durationMillis;
    }

    /** Gives a full lease to the writer of every pending file of a state. */
    void grantAll(StateReader committed) {
        try (StateReader.Cursor cursor = committed.scan(Table.PENDING, Keys.ALL, null)) {
            while (cursor.next()) {
                PendingFile pending = NamespaceView.pendingOf(cursor.value());
                grant(pending.inodeId(), pending.clientId());
            }
        }
    }

    void grant(long inodeId, long clientId) {
        byInode.put(inodeId, new Lease(clientId, clock.millis() + durationMillis));
    }

    /** The file is not being written any more, once what says so is committed; until then, and where it never is, its writer keeps the lease. */
    void release(long inodeId) {
        released.add(inodeId);
    }

    /** @param isPending whether a file is being written, as is committed */
    void forgetReleased(LongPredicate isPending) {
        released.removeIf(inodeId -> {
            boolean over = !isPending.test(inodeId);
            if (over) {
                byInode.remove(inodeId);
            }
            return over;
        });
    }

    boolean isLive(long inodeId) {
        Lease lease = byInode.get(inodeId);
        return lease != null && lease.expiresMillis >= clock.millis();
    }

    /** Extends a lease; false where this client has none. */
    boolean renew(long inodeId, long clientId) {
        Lease lease = byInode.computeIfPresent(
                inodeId,
                (id, old) -> old.clientId == clientId ? new Lease(clientId, clock.millis() + durationMillis) : old);
        return lease != null && lease.clientId == clientId;
    }

    /** The lease is over; a worker is asked for what was flushed of the file. */
    void seal(long inodeId) {
        byInode.remove(inodeId);
        sealing.add(inodeId);
    }

    boolean isSealing(long inodeId) {
        return sealing.contains(inodeId);
    }

    void sealed(long inodeId) {
        sealing.remove(inodeId);
    }

    /** Files that workers are asked about. */
    List<Long> sealing() {
        return List.copyOf(sealing);
    }

    /** Files whose writers have been silent for too long. */
    List<Long> expired() {
        long now = clock.millis();
        List<Long> expired = new ArrayList<>();
        byInode.forEach((inodeId, lease) -> {
            if (lease.expiresMillis < now) {
                expired.add(inodeId);
            }
        });
        return expired;
    }
}
