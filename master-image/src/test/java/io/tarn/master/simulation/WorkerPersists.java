package io.tarn.master.simulation;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.ErrorDetail;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.ExchangePersistsResponse;
import io.tarn.protocol.v1.PersistCondition;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import io.tarn.protocol.v1.Receipt;
import io.tarn.protocol.v1.SignedReceipt;
import io.tarn.protocol.v1.Ticket;
import io.tarn.protocol.v1.WorkerServiceGrpc;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A worker's persists: prepared and unanswered ones are forgotten at a restart, committed ones are not. */
final class WorkerPersists {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SimulatedCluster cluster;
    private final SimulatedWorker worker;
    private final Map<FileVersion, PersistReport> committed = new HashMap<>();
    private Map<Long, PersistOrder> prepared = new HashMap<>();
    private Map<Long, PersistReport> unanswered = new LinkedHashMap<>();
    private long session;

    WorkerPersists(SimulatedCluster cluster, SimulatedWorker worker) {
        this.cluster = cluster;
        this.worker = worker;
    }

    void start() {
        session = cluster.simulation().random().nextLong() | 1;
        prepared = new HashMap<>();
        unanswered = new LinkedHashMap<>();
        worker.process().start("persists", this::exchange);
    }

    void wipe() {
        committed.clear();
    }

    boolean hasCommitted(FileVersion version) {
        return committed.containsKey(version);
    }

    private void exchange() {
        MasterCaller masters = new MasterCaller(cluster, worker.process());
        while (true) {
            ExchangePersistsRequest request = ExchangePersistsRequest.newBuilder()
                    .setWorkerId(worker.id())
                    .setEpoch(worker.epoch())
                    .setSession(session)
                    .addAllReports(List.copyOf(unanswered.values()))
                    .build();
            try {
                ExchangePersistsResponse response = masters.once(
                        channel -> WorkerServiceGrpc.newBlockingStub(channel).exchangePersists(request));
                worker.requireNotOlder(response.getEpoch());
                request.getReportsList().forEach(report -> unanswered.remove(report.getPersistId(), report));
                response.getOrdersList().forEach(this::carryOut);
            } catch (TarnException e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void carryOut(PersistOrder order) {
        long id = order.getPersistId();
        try {
            switch (order.getStep()) {
                case PREPARE -> prepare(order);
                case COMMIT -> commit(id);
                default -> {
                    prepared.remove(id);
                    unanswered.remove(id);
                }
            }
        } catch (TarnException e) {
            unanswered.put(id, failed(id, e));
        }
    }

    private void prepare(PersistOrder order) throws TarnException {
        FileVersion version = FileVersion.of(worker.check(order.getTicket()).getVersion());
        if (worker.bytesOf(version) < 0 && !committed.containsKey(version)) {
            throw new TarnException(ErrorCode.NOT_FOUND, "no such pages");
        }
        prepared.put(order.getPersistId(), order);
        unanswered.put(
                order.getPersistId(),
                PersistReport.newBuilder()
                        .setPersistId(order.getPersistId())
                        .setResult(PersistReport.Result.PREPARED)
                        .build());
    }

    private void commit(long id) throws TarnException {
        PersistOrder begun = prepared.remove(id);
        if (begun == null) {
            return;
        }
        Ticket ticket = worker.check(begun.getTicket());
        FileVersion version = FileVersion.of(ticket.getVersion());
        PersistReport known = committed.get(version);
        if (known == null) {
            StoreStatus status = store(ticket, begun.getCondition(), ticket.getLengthBytes());
            known = PersistReport.newBuilder()
                    .setResult(PersistReport.Result.COMMITTED)
                    .setLengthBytes(status.lengthBytes())
                    .setModifiedMillis(status.modifiedMillis())
                    .setBacking(backing(ticket, status))
                    .build();
            committed.put(version, known);
            worker.persisted(version);
        }
        unanswered.put(id, known.toBuilder().setPersistId(id).build());
    }

    /** What a client writes through. */
    SignedReceipt writeThrough(Ticket ticket, long bytes) throws TarnException {
        StoreStatus status = store(ticket, PersistCondition.getDefaultInstance(), bytes);
        return worker.throughReceipt(Receipt.newBuilder()
                .setFileId(ticket.getFileId())
                .setVersion(ticket.getVersion())
                .setLengthBytes(bytes)
                .addWorkerIds(worker.id())
                .setModifiedMillis(status.modifiedMillis())
                .setBacking(backing(ticket, status))
                .setExpiresMillis(Long.MAX_VALUE)
                .build());
    }

    private StoreStatus store(Ticket ticket, PersistCondition condition, long bytes) throws TarnException {
        UnderStore store = cluster.stores()
                .store(worker.mount(ticket.getBacking().getMountId()).getStoreUri());
        String version = condition.getVersionTag().isEmpty() ? null : condition.getVersionTag();
        CreateOptions options = new CreateOptions(condition.getAbsent(), version, StoreAttributes.NONE, true);
        try (StoreWriter writer = store.create(ticket.getBacking().getPath(), options)) {
            writer.write(ByteBuffer.allocate((int) bytes));
            return writer.commit();
        }
    }

    private static Backing backing(Ticket ticket, StoreStatus status) {
        return Backing.newBuilder()
                .setMountId(ticket.getBacking().getMountId())
                .setPath(ticket.getBacking().getPath())
                .setVersionTag(status.versionTag())
                .build();
    }

    private static PersistReport failed(long id, TarnException failure) {
        return PersistReport.newBuilder()
                .setPersistId(id)
                .setResult(PersistReport.Result.FAILED)
                .setFailure(ErrorDetail.newBuilder()
                        .setCode(failure.code().number())
                        .setMessage(String.valueOf(failure.getMessage())))
                .build();
    }
}
