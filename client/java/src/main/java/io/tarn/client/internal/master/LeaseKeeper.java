package io.tarn.client.internal.master;

import io.tarn.client.internal.call.Transport;
import io.tarn.protocol.v1.FileSystemServiceGrpc;
import io.tarn.protocol.v1.RenewLeasesRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Renews, in the background and in one call, the leases of all files that this client writes. Thread-safe. */
public final class LeaseKeeper {
    private static final int RENEWALS_PER_LEASE = 3;
    private static final long SHORTEST_INTERVAL_MILLIS = 100;

    private final MasterCalls calls;
    private final Transport transport;
    private final Map<Long, Lease> leases = new ConcurrentHashMap<>();
    private final AtomicBoolean running = new AtomicBoolean();

    public LeaseKeeper(MasterCalls calls, Transport transport) {
        this.calls = calls;
        this.transport = transport;
    }

    /** Hears of its lease on an event loop; must not block. */
    public interface Holder {
        /** After each renewal. */
        void renewed();

        /** Once, if the master says that the lease is gone. */
        void lost();
    }

    public void keep(long fileId, long leaseMillis, Holder holder) {
        long interval = Math.max(SHORTEST_INTERVAL_MILLIS, leaseMillis / RENEWALS_PER_LEASE);
        leases.put(fileId, new Lease(interval, holder));
        if (running.compareAndSet(false, true)) {
            scheduleNext();
        }
    }

    public void release(long fileId) {
        leases.remove(fileId);
    }

    private void scheduleNext() {
        long interval =
                leases.values().stream().mapToLong(Lease::intervalMillis).min().orElse(SHORTEST_INTERVAL_MILLIS);
        transport.schedule(this::renew, interval, () -> {});
    }

    private void renew() {
        if (leases.isEmpty()) {
            running.set(false);
            if (leases.isEmpty() || !running.compareAndSet(false, true)) {
                return;
            }
        }
        RenewLeasesRequest request = RenewLeasesRequest.newBuilder()
                .setCaller(calls.caller())
                .addAllFileIds(leases.keySet())
                .build();
        var unused = calls.start(FileSystemServiceGrpc.getRenewLeasesMethod(), request)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        answer.getLostFileIdsList().forEach(this::lost);
                        request.getFileIdsList().forEach(this::renewed);
                    }
                    scheduleNext();
                });
    }

    private void lost(long fileId) {
        Lease lease = leases.remove(fileId);
        if (lease != null) {
            lease.holder.lost();
        }
    }

    private void renewed(long fileId) {
        Lease lease = leases.get(fileId);
        if (lease != null) {
            lease.holder.renewed();
        }
    }

    private record Lease(long intervalMillis, Holder holder) {}
}
