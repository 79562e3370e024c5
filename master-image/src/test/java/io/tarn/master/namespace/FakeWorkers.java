package io.tarn.master.namespace;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.placement.PlacementKey;
import io.tarn.protocol.placement.WorkerSelector;
import io.tarn.protocol.v1.SignedTicket;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One worker that is up unless told otherwise, and deletes at once. What it holds outlives masters. */
final class FakeWorkers implements Workers {
    static final long ID = 7;

    /** Versions of owned data that are here. */
    final Set<FileVersion> pages = ConcurrentHashMap.newKeySet();

    /** Versions whose pages were to be dropped. */
    final Set<FileVersion> freed = ConcurrentHashMap.newKeySet();

    final Set<FileVersion> deleted = ConcurrentHashMap.newKeySet();
    /** How much was flushed of versions that are not complete. */
    final Map<FileVersion, Long> flushed = new ConcurrentHashMap<>();

    volatile Consumer<SignedTicket> seal = ticket -> {};
    volatile boolean up = true;
    volatile Map<String, String> labels = Map.of();

    @Override
    public List<WorkerAddress> ranked(PlacementKey key, WorkerSelector preferred) {
        return up
                ? List.of(WorkerAddress.newBuilder()
                        .setWorkerId(ID)
                        .setHost("localhost")
                        .build())
                : List.of();
    }

    @Override
    public List<Taker> takers(PlacementKey key) {
        return ranked(key, WorkerSelector.ANY).stream()
                .map(address -> new Taker(address, labels, 1 << 30))
                .toList();
    }

    @Override
    public boolean matches(long workerId, WorkerSelector selector) {
        return selector.matches(labels);
    }

    @Override
    public void useLeaving(Set<Long> workerIds) {}

    @Override
    public boolean isLeaving(long workerId) {
        return false;
    }

    @Override
    public boolean isAlive(long workerId) {
        return up && workerId == ID;
    }

    @Override
    public String describe(long workerId) {
        return "worker " + workerId;
    }

    @Override
    public boolean delete(FileVersion version, List<Long> workerIds) {
        if (workerIds.contains(ID)) {
            deleted.add(version);
            pages.remove(version);
        }
        return true;
    }

    @Override
    public boolean free(FileVersion version) {
        freed.add(version);
        return true;
    }

    @Override
    public boolean isDeleted(FileVersion version, List<Long> workerIds) {
        return !workerIds.contains(ID) || deleted.contains(version);
    }

    @Override
    public int expected(WorkerSelector selector) {
        return up && selector.matches(labels) ? 1 : 0;
    }

    @Override
    public long silentMillis(long workerId) {
        return isAlive(workerId) ? 0 : Long.MAX_VALUE;
    }

    @Override
    public long registration(long workerId) {
        return isAlive(workerId) ? 1 : 0;
    }

    @Override
    public boolean isToDelete(FileVersion version, long workerId) {
        return false;
    }

    @Override
    public boolean mayLack(long workerId, FileVersion version) {
        return false;
    }

    @Override
    public void lookFor(long workerId, FileVersion version, long lengthBytes) {}

    @Override
    public void lookAgainFor(long workerId, FileVersion version) {}

    @Override
    public void copy(long workerId, long fileId, SignedTicket ticket) {}

    @Override
    public void seal(long workerId, long fileId, SignedTicket ticket) {
        seal.accept(ticket);
    }
}
