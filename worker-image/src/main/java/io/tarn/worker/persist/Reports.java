package io.tarn.worker.persist;

import io.tarn.protocol.v1.PersistReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The newest report of each persist that the master has not taken yet. Safe for many threads. */
final class Reports {
    private static final int MOST_AT_ONCE = 256;

    private final Map<Long, PersistReport> due = new LinkedHashMap<>();

    /** Also where an equal one is on its way: its answer does not answer this one. */
    synchronized void add(PersistReport report) {
        due.put(report.getPersistId(), report.toBuilder().build());
        notifyAll();
    }

    synchronized void remove(long persistId) {
        due.remove(persistId);
    }

    /** Those that are due, at most 256; waits for the first. */
    synchronized List<PersistReport> await(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long leftMillis = millis;
        while (due.isEmpty() && leftMillis > 0) {
            wait(leftMillis);
            leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        return due.values().stream().limit(MOST_AT_ONCE).toList();
    }

    /** The master has them, unless there are newer ones by now. */
    synchronized void taken(List<PersistReport> reports) {
        for (PersistReport report : reports) {
            if (isDue(report)) {
                due.remove(report.getPersistId());
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // an equal one that came later is another
    private boolean isDue(PersistReport report) {
        return due.get(report.getPersistId()) == report;
    }
}
