package io.tarn.master.namespace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.persist.PersistExchange;
import io.tarn.master.record.NamespaceView;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.PersistFigures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Persists what is due, so many at a time, for ever: what fails is tried again later. All it needs to go on after a restart is in the journal. Rounds are run
 * by one thread; each persist has a thread of its own.
 */
final class Persister {
    private static final Logger LOG = LoggerFactory.getLogger(Persister.class);
    private static final int MAX_QUEUED = 4_096;

    private final NamespaceParts parts;
    private final DirectoryPersisting directories;
    private final FilePersisting files;
    private final PersistExchange exchange;
    private final PersistFailures failures;
    private final PersistQueue queue;
    private final Counter conflicts;
    private final Counter persisted;
    private final Deque<Located> waiting = new ArrayDeque<>();
    private final Set<Long> known = new HashSet<>();
    private int running;

    Persister(
            NamespaceParts parts,
            DirectoryPersisting directories,
            FilePersisting files,
            PersistExchange exchange,
            PersistFailures failures,
            PersistQueue queue,
            MeterRegistry meters) {
        this.parts = parts;
        this.directories = directories;
        this.files = files;
        this.exchange = exchange;
        this.failures = failures;
        this.queue = queue;
        this.conflicts = meters.counter("tarn.master.persist.conflicts");
        this.persisted = meters.counter("tarn.master.persist.done");
        meters.gauge("tarn.master.persist.waiting", queue, q -> q.figures().files());
        meters.gauge(
                "tarn.master.persist.waiting.bytes", queue, q -> q.figures().bytes());
        meters.gauge("tarn.master.persist.failing", failures, PersistFailures::count);
        meters.gauge("tarn.master.persist.oldest.age", this, Persister::oldestAgeSeconds);
    }

    PersistFigures figures() {
        PersistQueue.Figures waits = queue.figures();
        return PersistFigures.newBuilder()
                .setWaitingFiles(waits.files())
                .setWaitingBytes(waits.bytes())
                .setOldestMillis(waits.oldestMillis())
                .setFailingFiles(failures.count())
                .setFailure(failures.example())
                .build();
    }

    void round() {
        exchange.failDead(parts.workers()::isAlive);
        List<Located> due = queue.sweep();
        synchronized (this) {
            for (Located each : due) {
                if (waiting.size() < MAX_QUEUED && known.add(each.inode().id())) {
                    waiting.add(each);
                }
            }
        }
        feed();
    }

    private void feed() {
        while (true) {
            Located next;
            synchronized (this) {
                next = running < parts.config().persists() ? waiting.poll() : null;
                if (next == null) {
                    return;
                }
                running++;
            }
            Located begun = next;
            parts.executor().submit(() -> work(begun)).whenComplete((done, failure) -> {
                synchronized (this) {
                    running--;
                    known.remove(begun.inode().id());
                }
                if (failure == null) {
                    feed();
                }
            });
        }
    }

    private boolean work(Located begun) {
        long inodeId = begun.inode().id();
        Located now = Located.find(new NamespaceView(parts.store()), parts.mountTables(), inodeId);
        if (now == null) {
            failures.forget(inodeId);
            return true;
        }
        try {
            persist(now);
            failures.forget(inodeId);
            queue.forget(inodeId);
        } catch (TarnException e) {
            fail(now, e);
        } catch (RuntimeException e) {
            LOG.error("Persisting {} failed unexpectedly", now.place(), e);
            fail(now, new TarnException(ErrorCode.INTERNAL, String.valueOf(e), e));
        }
        return true;
    }

    private void persist(Located now) throws TarnException {
        if (!now.inode().directory()) {
            PersistFailures.Failure failed = failures.of(now.inode().id());
            boolean overwrite = failed != null && failed.conflict();
            files.persist(now, overwrite, failed == null ? 0 : failed.attempts());
            persisted.increment();
        } else if (now.inode().inStore()) {
            directories.settle(now);
        } else {
            directories.persist(now);
        }
    }

    private void fail(Located file, TarnException failure) {
        NamespaceView view = new NamespaceView(parts.store());
        if (!file.standsIn(view, parts.mountTables()) || failure.code() == ErrorCode.NOT_LEADER) {
            return;
        }
        failures.note(
                file.inode().id(),
                file.place().inNamespace().toString(),
                failure,
                parts.steadyClock().millis());
        if (PersistFailures.isConflict(failure)) {
            conflicts.increment();
            LOG.warn(
                    "The store holds something else at {} than was known; it is written over, since Tarn's file was completed"
                            + " later: {}",
                    file.place(),
                    failure.getMessage());
        } else {
            LOG.warn("{} could not be persisted yet: {}", file.place(), failure.getMessage());
        }
    }

    private double oldestAgeSeconds() {
        long since = queue.figures().oldestMillis();
        return since == 0 ? 0 : Math.max(0, parts.clock().millis() - since) / 1000.0;
    }
}
