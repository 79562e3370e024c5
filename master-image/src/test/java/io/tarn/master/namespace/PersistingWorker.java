package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.Backing;
import io.tarn.protocol.v1.ErrorDetail;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.PersistCondition;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import io.tarn.protocol.v1.Ticket;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of persists, in a thread of its own, for one master after the other: prepares, commits to stores in memory, and reports. At random it
 * restarts, and forgets what it was about to do and to say, but not what it has committed.
 */
final class PersistingWorker implements AutoCloseable {
    private final FakeWorkers workers;
    private final MemoryStores stores;
    private final Random random;
    private final double restarts;
    private final Map<Long, PersistOrder> prepared = new HashMap<>();
    private final Map<Long, PersistReport> unanswered = new HashMap<>();
    private final Map<FileVersion, PersistReport> committed = new HashMap<>();
    private final Thread thread;
    private volatile NamespaceHarness master;
    private volatile boolean closed;
    private volatile @Nullable Throwable end;
    private long session = 1;

    /** @param restarts how often in one, per order */
    PersistingWorker(NamespaceHarness master, MemoryStores stores, long seed, double restarts) {
        this.master = master;
        this.workers = master.workers;
        this.stores = stores;
        this.random = new Random(seed);
        this.restarts = restarts;
        this.thread = Thread.ofPlatform().daemon().name("persisting-worker").start(this::runToTheEnd);
    }

    /** Why the thread has ended by itself, which it should not; null while it runs. */
    @Nullable
    Throwable end() {
        return end;
    }

    private void runToTheEnd() {
        try {
            run();
        } catch (RuntimeException | Error e) {
            end = e;
        }
    }

    /** Another master leads. */
    void follow(NamespaceHarness newMaster) {
        master = newMaster;
    }

    private void run() {
        while (!closed) {
            List<PersistReport> reports = List.copyOf(unanswered.values());
            var request = ExchangePersistsRequest.newBuilder()
                    .setWorkerId(FakeWorkers.ID)
                    .setSession(session)
                    .addAllReports(reports)
                    .build();
            NamespaceHarness asked = master;
            try {
                var response = asked.namespace.persists().exchange(request).join();
                reports.forEach(report -> unanswered.remove(report.getPersistId(), report));
                for (PersistOrder order : response.getOrdersList()) {
                    if (asked == master) {
                        carryOut(asked, order);
                    }
                }
            } catch (CompletionException e) {
                Thread.onSpinWait();
            }
        }
    }

    private void carryOut(NamespaceHarness asked, PersistOrder order) {
        if (random.nextDouble() < restarts) {
            restart();
            return;
        }
        switch (order.getStep()) {
            case PREPARE -> {
                FileVersion version = version(asked, order);
                boolean here = workers.pages.contains(version) || committed.containsKey(version);
                if (here) {
                    prepared.put(order.getPersistId(), order);
                }
                report(order, here);
            }
            case COMMIT -> commit(asked, order);
            default -> {
                prepared.remove(order.getPersistId());
                unanswered.remove(order.getPersistId());
            }
        }
    }

    private void report(PersistOrder order, boolean here) {
        PersistReport.Builder report = PersistReport.newBuilder().setPersistId(order.getPersistId());
        if (here) {
            report.setResult(PersistReport.Result.PREPARED);
        } else {
            report.setResult(PersistReport.Result.FAILED).setFailure(detail(ErrorCode.NOT_FOUND, "no such pages"));
        }
        unanswered.put(order.getPersistId(), report.build());
    }

    private void commit(NamespaceHarness asked, PersistOrder order) {
        PersistOrder begun = prepared.remove(order.getPersistId());
        if (begun == null) {
            return;
        }
        PersistReport.Builder report = PersistReport.newBuilder().setPersistId(order.getPersistId());
        FileVersion owned = version(asked, begun);
        PersistReport earlier = committed.get(owned);
        if (earlier != null) {
            unanswered.put(
                    order.getPersistId(),
                    earlier.toBuilder().setPersistId(order.getPersistId()).build());
            return;
        }
        try {
            Ticket ticket = asked.check(begun.getTicket());
            StoreStatus status = write(asked, ticket, begun.getCondition());
            workers.pages.remove(owned);
            report.setResult(PersistReport.Result.COMMITTED)
                    .setLengthBytes(status.lengthBytes())
                    .setModifiedMillis(status.modifiedMillis())
                    .setBacking(Backing.newBuilder()
                            .setMountId(ticket.getBacking().getMountId())
                            .setPath(ticket.getBacking().getPath())
                            .setVersionTag(status.versionTag()));
            committed.put(owned, report.build());
        } catch (TarnException e) {
            report.setResult(PersistReport.Result.FAILED).setFailure(detail(e.code(), e.getMessage()));
        }
        if (random.nextDouble() < restarts) {
            restart();
        } else {
            unanswered.put(order.getPersistId(), report.build());
        }
    }

    private StoreStatus write(NamespaceHarness asked, Ticket ticket, PersistCondition condition) throws TarnException {
        Mount mount = asked.namespace.serverMounts().stream()
                .filter(each -> each.getId() == ticket.getBacking().getMountId())
                .findFirst()
                .orElseThrow();
        UnderStore store = stores.store(mount.getStoreUri());
        String version = condition.getVersionTag().isEmpty() ? null : condition.getVersionTag();
        CreateOptions options = new CreateOptions(condition.getAbsent(), version, StoreAttributes.NONE, true);
        try (StoreWriter writer = store.create(ticket.getBacking().getPath(), options)) {
            writer.write(ByteBuffer.allocate((int) ticket.getLengthBytes()));
            return writer.commit();
        }
    }

    private void restart() {
        session++;
        prepared.clear();
        unanswered.clear();
    }

    private static FileVersion version(NamespaceHarness asked, PersistOrder order) {
        try {
            return FileVersion.of(asked.check(order.getTicket()).getVersion());
        } catch (TarnException e) {
            throw new AssertionError(e);
        }
    }

    private static ErrorDetail detail(ErrorCode code, String message) {
        return ErrorDetail.newBuilder()
                .setCode(code.number())
                .setMessage(message)
                .build();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
