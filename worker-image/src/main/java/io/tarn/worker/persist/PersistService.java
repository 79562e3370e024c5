package io.tarn.worker.persist;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.ExchangePersistsResponse;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import io.tarn.worker.cluster.ClusterView;
import io.tarn.worker.page.PageStore;
import io.tarn.worker.pin.Pins;
import io.tarn.worker.store.MountedStores;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the master's orders to persist, and reports. Two threads of its own talk to the master: one waits for orders, one brings reports as soon as
 * there are any. Without a master both try for ever. Safe for many threads.
 */
public final class PersistService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PersistService.class);
    private static final int MOST = 4_096;
    private static final long STOP_MILLIS = 10_000;

    private final PersistContext context;
    private final long session = new SecureRandom().nextLong();
    private final Map<Long, Running> persists = new LinkedHashMap<>();
    private final List<ExchangeLoop> loops;
    private boolean closed;

    /** A persist and its thread, which is over once the report is final. */
    private record Running(Persist persist, Thread thread) {}

    private PersistService(PersistContext context, Supplier<PersistMaster> masters) {
        this.context = context;
        loops = List.of(
                new ExchangeLoop("tarn-persist-orders", masters.get(), context.cluster(), this::exchangeOrders),
                new ExchangeLoop("tarn-persist-reports", masters.get(), context.cluster(), this::exchangeReports));
    }

    /** @param masters makes a connection of its own for each thread */
    public static PersistService start(
            PersistSettings settings,
            PageStore pages,
            Pins pins,
            MountedStores stores,
            ClusterView cluster,
            PersistedVersions persisted,
            Supplier<PersistMaster> masters) {
        PersistContext context = new PersistContext(
                pages, pins, stores, cluster, persisted, new Semaphore(settings.atOnce(), true), new Reports());
        PersistService service = new PersistService(context, masters);
        service.loops.forEach(ExchangeLoop::start);
        return service;
    }

    /** Persists that are not over, waiting ones too. */
    public synchronized int underWay() {
        return (int) persists.values().stream()
                .filter(running -> running.thread().isAlive())
                .count();
    }

    private void exchangeOrders(PersistMaster master) throws TarnException {
        carryOut(master.exchangePersists(request().build()));
    }

    /** What was prepared is told again now and then: a new leader does not know it, and says so. */
    private void exchangeReports(PersistMaster master) throws TarnException, InterruptedException {
        List<PersistReport> reports = context.reports().await(10_000);
        if (reports.isEmpty()) {
            repeatPrepared();
            return;
        }
        ExchangePersistsResponse response =
                master.exchangePersists(request().addAllReports(reports).build());
        context.reports().taken(reports);
        carryOut(response);
    }

    private ExchangePersistsRequest.Builder request() {
        return ExchangePersistsRequest.newBuilder()
                .setWorkerId(context.cluster().workerId())
                .setEpoch(context.cluster().epoch())
                .setSession(session);
    }

    private synchronized void repeatPrepared() {
        for (Running running : persists.values()) {
            PersistReport report = running.persist().report();
            if (report != null && report.getResult() == PersistReport.Result.PREPARED) {
                context.reports().add(report);
            }
        }
    }

    private void carryOut(ExchangePersistsResponse response) throws TarnException {
        context.cluster().requireCurrent(response.getEpoch());
        response.getOrdersList().forEach(this::carryOut);
    }

    /** Returns at once; an order that was carried out before is answered by its report again. */
    synchronized void carryOut(PersistOrder order) {
        if (closed) {
            return;
        }
        Running running = persists.get(order.getPersistId());
        switch (order.getStep()) {
            case PREPARE -> prepare(order, running);
            case COMMIT -> commit(order.getPersistId(), running);
            case ABORT -> {
                context.reports().remove(order.getPersistId());
                if (running != null) {
                    persists.remove(order.getPersistId());
                    running.persist().abort();
                }
            }
            case STEP_UNSPECIFIED, UNRECOGNIZED ->
                log.warn("an order of a kind that this release does not know is ignored");
        }
    }

    private void prepare(PersistOrder order, @org.jspecify.annotations.Nullable Running known) {
        if (known != null) {
            reportAgain(known.persist());
            return;
        }
        forgetEnded();
        if (persists.size() >= MOST) {
            context.reports()
                    .add(Persist.failure(
                            order.getPersistId(),
                            new TarnException(
                                    ErrorCode.BUSY, MOST + " persists wait on this worker already", null, 1_000)));
            return;
        }
        Persist persist = new Persist(order, context);
        Thread thread = Thread.ofVirtual().name("tarn-persist").unstarted(persist);
        persists.put(persist.id(), new Running(persist, thread));
        thread.start();
    }

    private void commit(long persistId, @org.jspecify.annotations.Nullable Running known) {
        PersistReport report = known == null ? null : known.persist().report();
        if (known == null) {
            context.reports()
                    .add(Persist.failure(
                            persistId,
                            new TarnException(
                                    ErrorCode.OUTCOME_UNKNOWN,
                                    "this worker does not know the persist: it has not prepared it, or has forgotten what"
                                            + " became of it; prepare it again")));
        } else if (report != null && report.getResult() == PersistReport.Result.PREPARED) {
            known.persist().commit();
        } else {
            reportAgain(known.persist());
        }
    }

    private void reportAgain(Persist persist) {
        PersistReport report = persist.report();
        if (report != null) {
            context.reports().add(report);
        }
    }

    /** Those that are over are kept to answer repeated orders, while there is room. */
    private void forgetEnded() {
        var oldest = persists.values().iterator();
        while (persists.size() > MOST / 2 && oldest.hasNext()) {
            if (!oldest.next().thread().isAlive()) {
                oldest.remove();
            }
        }
    }

    /** Aborts what is under way; what is committing just then is finished, for ten seconds at most. */
    @Override
    public void close() {
        List<Running> running;
        synchronized (this) {
            closed = true;
            running = new ArrayList<>(persists.values());
            running.forEach(one -> one.persist().abort());
        }
        loops.forEach(ExchangeLoop::close);
        long end = System.nanoTime() + STOP_MILLIS * 1_000_000;
        try {
            for (Running one : running) {
                one.thread().join(java.time.Duration.ofNanos(Math.max(1, end - System.nanoTime())));
                one.thread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
