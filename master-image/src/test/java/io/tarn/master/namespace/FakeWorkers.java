package io.tarn.master.namespace;

import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.WorkerAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One worker that is up unless told otherwise, and deletes at once. */
final class FakeWorkers implements Workers {
    static final long ID = 7;

    final Set<FileVersion> deleted = ConcurrentHashMap.newKeySet();
    volatile boolean up = true;

    @Override
    public List<WorkerAddress> alive() {
        return up
                ? List.of(WorkerAddress.newBuilder()
                        .setWorkerId(ID)
                        .setHost("localhost")
                        .build())
                : List.of();
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
        deleted.add(version);
        return true;
    }

    @Override
    public boolean isDeleted(FileVersion version, List<Long> workerIds) {
        return deleted.contains(version);
    }
}
