package io.tarn.master.leader;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.journal.Journal;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * The {@link Leader}: a bounded queue, the thread that validates ({@link Validation}) and the thread that appends and applies ({@link Appender}).
 *
 * <p>Group commit: while one batch is being appended, everything that arrives is validated and becomes the next one. Answers are completed on virtual
 * threads, one for each batch.
 */
public final class SingleWriterLeader<R> implements Leader<R> {
    private final StateStore store;
    private final long epoch;
    private final OperationQueue<R> queue;
    private final LeaderMetrics metrics;
    private final Validation<R> validation;

    private SingleWriterLeader(
            StateStore store,
            Journal journal,
            long epoch,
            RecordType<R> type,
            LeaderConfig config,
            MeterRegistry registry,
            FaultHandler faultHandler) {
        this.store = store;
        this.epoch = epoch;
        this.queue = new OperationQueue<>(config.queueOperations());
        this.metrics = new LeaderMetrics(registry, queue::size);
        Answers answers = new Answers(Executors.newVirtualThreadPerTaskExecutor());
        Appender<R> appender = new Appender<>(journal, store, epoch, metrics, answers, queue::wake);
        this.validation = new Validation<>(queue, appender, answers, store, type, faultHandler);
    }

    /**
     * Begins a new epoch in the journal, replays what the store has not applied yet, and serves.
     *
     * @param store stays the caller's, to be closed after the leader; as does the journal
     * @throws TarnException where the journal cannot be read or does not fit the store
     */
    public static <R> SingleWriterLeader<R> start(
            StateStore store,
            Journal journal,
            RecordType<R> type,
            LeaderConfig config,
            MeterRegistry registry,
            FaultHandler faultHandler)
            throws TarnException {
        return lead(store, journal, journal.startEpoch(), type, config, registry, faultHandler);
    }

    /** The same in an epoch that has begun in the journal. */
    public static <R> SingleWriterLeader<R> lead(
            StateStore store,
            Journal journal,
            long epoch,
            RecordType<R> type,
            LeaderConfig config,
            MeterRegistry registry,
            FaultHandler faultHandler)
            throws TarnException {
        new JournalReplay<>(journal, store, type).run();
        SingleWriterLeader<R> leader =
                new SingleWriterLeader<>(store, journal, epoch, type, config, registry, faultHandler);
        leader.validation.start();
        return leader;
    }

    @Override
    public <T> CompletableFuture<T> submit(Operation<R, T> operation) {
        PendingOperation<R, T> pending = new PendingOperation<>(operation);
        try {
            queue.add(pending);
        } catch (TarnException e) {
            if (e.retryAfterMillis() > 0) {
                metrics.refusedBusy.increment();
            }
            pending.fail(e);
        }
        return pending.future();
    }

    @Override
    public StateReader committed() {
        return store;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    /** Commits what has been validated, refuses what has not, and ends both threads. */
    @Override
    public void close() {
        queue.close(Failures.notLeader("this master is shutting down"));
        validation.join();
    }
}
