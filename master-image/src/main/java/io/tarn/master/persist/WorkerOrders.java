package io.tarn.master.persist;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.ExchangePersistsRequest;
import io.tarn.protocol.v1.PersistOrder;
import io.tarn.protocol.v1.PersistReport;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The orders of one worker: sent, sent again where no report comes, answered. Safe for many threads; waiters are told outside the lock.
 */
final class WorkerOrders {
    private static final long RESEND_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int ABORT_SENDS = 3;
    private static final int MAX_ABORTS = 10_000;

    private final Map<Long, Open> open = new LinkedHashMap<>();
    private final Map<Long, Integer> aborts = new LinkedHashMap<>();
    private long session;
    private @Nullable CompletableFuture<Boolean> poll;

    /** A persist that is under way; its present order, until a report answers it. */
    private static final class Open {
        private final PersistOrder order;
        private final CompletableFuture<PersistReport> answer = new CompletableFuture<>();
        private boolean sent;
        private boolean lost;
        private long sentNanos;

        private Open(PersistOrder order) {
            this.order = order;
        }

        private boolean isDue() {
            return !answer.isDone() && (!sent || System.nanoTime() - sentNanos > RESEND_NANOS);
        }
    }

    CompletableFuture<PersistReport> order(PersistOrder order) {
        Open now = new Open(order);
        synchronized (this) {
            Open before = open.put(order.getPersistId(), now);
            now.lost = before != null && before.lost;
        }
        if (now.lost) {
            now.answer.completeExceptionally(new TarnException(
                    ErrorCode.UNAVAILABLE, "the worker has forgotten this persist: it was restarted"));
        } else {
            wake();
        }
        return now.answer;
    }

    void end(long persistId, boolean committed) {
        boolean abort;
        synchronized (this) {
            abort = open.remove(persistId) != null && !committed;
            if (abort) {
                abort(persistId);
            }
        }
        if (abort) {
            wake();
        }
    }

    void take(ExchangePersistsRequest request) {
        Map<CompletableFuture<PersistReport>, PersistReport> answered = new LinkedHashMap<>();
        boolean restarted;
        synchronized (this) {
            restarted = session != 0 && session != request.getSession();
            session = request.getSession();
        }
        if (restarted) {
            failAll("the worker has restarted");
        }
        synchronized (this) {
            for (PersistReport report : request.getReportsList()) {
                Open about = open.get(report.getPersistId());
                if (about == null) {
                    abort(report.getPersistId());
                } else if (answers(report, about.order)) {
                    answered.put(about.answer, report);
                }
            }
        }
        answered.forEach(CompletableFuture::complete);
    }

    /** Completes when there is something to send. */
    CompletableFuture<Boolean> awaitOrders() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> earlier;
        boolean ready;
        synchronized (this) {
            earlier = poll;
            poll = mine;
            ready = open.values().stream().anyMatch(Open::isDue) || aborts.containsValue(ABORT_SENDS);
        }
        if (earlier != null) {
            earlier.complete(false);
        }
        if (ready) {
            mine.complete(true);
        }
        return mine;
    }

    synchronized List<PersistOrder> toSend() {
        List<PersistOrder> orders = new ArrayList<>();
        for (Open each : open.values()) {
            if (each.isDue()) {
                orders.add(each.order);
                each.sent = true;
                each.sentNanos = System.nanoTime();
            }
        }
        for (Iterator<Map.Entry<Long, Integer>> each = aborts.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Long, Integer> abort = each.next();
            orders.add(PersistOrder.newBuilder()
                    .setPersistId(abort.getKey())
                    .setStep(PersistOrder.Step.ABORT)
                    .build());
            if (abort.getValue() == 1) {
                each.remove();
            } else {
                abort.setValue(abort.getValue() - 1);
            }
        }
        return orders;
    }

    void failAll(String why) {
        List<CompletableFuture<PersistReport>> failed = new ArrayList<>();
        synchronized (this) {
            for (Open each : open.values()) {
                each.lost = true;
                failed.add(each.answer);
            }
            aborts.clear();
        }
        failed.forEach(each -> each.completeExceptionally(new TarnException(ErrorCode.UNAVAILABLE, why)));
    }

    private void wake() {
        CompletableFuture<Boolean> waiting;
        synchronized (this) {
            waiting = poll;
            poll = null;
        }
        if (waiting != null) {
            waiting.complete(true);
        }
    }

    private void abort(long persistId) {
        if (aborts.size() < MAX_ABORTS) {
            aborts.put(persistId, ABORT_SENDS);
        }
    }

    private static boolean answers(PersistReport report, PersistOrder order) {
        return switch (report.getResult()) {
            case PREPARED -> order.getStep() == PersistOrder.Step.PREPARE;
            case COMMITTED -> order.getStep() == PersistOrder.Step.COMMIT;
            case FAILED -> true;
            case RESULT_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }
}
