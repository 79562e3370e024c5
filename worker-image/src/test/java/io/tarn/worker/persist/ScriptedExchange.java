package io.tarn.worker.persist;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.ExchangePersistsResponse;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A master that orders what a test says, and keeps what workers report. Safe for many threads. */
final class ScriptedExchange implements PersistMaster {
    private final BlockingQueue<PersistOrder> orders = new LinkedBlockingQueue<>();
    private final BlockingQueue<PersistReport> reports = new LinkedBlockingQueue<>();
    private volatile long epoch = 5;
    private volatile boolean away;

    void order(PersistOrder order) {
        orders.add(order);
    }

    void step(long persistId, PersistOrder.Step step) {
        order(PersistOrder.newBuilder().setPersistId(persistId).setStep(step).build());
    }

    /** From now on answers carry this epoch. */
    void lead(long newEpoch) {
        epoch = newEpoch;
    }

    void away(boolean nowAway) {
        away = nowAway;
    }

    PersistReport report() throws InterruptedException {
        @Nullable PersistReport next = reports.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited in vain for a report");
        }
        return next;
    }

    boolean hasReports() {
        return !reports.isEmpty();
    }

    @Override
    public ExchangePersistsResponse exchangePersists(ExchangePersistsRequest request) throws TarnException {
        if (away) {
            throw new TarnException(ErrorCode.UNAVAILABLE, "the master is away");
        }
        reports.addAll(request.getReportsList());
        List<PersistOrder> given = new ArrayList<>();
        try {
            PersistOrder first = request.getReportsCount() > 0 ? orders.poll() : orders.poll(50, TimeUnit.MILLISECONDS);
            if (first != null) {
                given.add(first);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        orders.drainTo(given);
        return ExchangePersistsResponse.newBuilder()
                .setEpoch(epoch)
                .addAllOrders(given)
                .build();
    }

    @Override
    public void next() {}

    @Override
    public void close() {}
}
