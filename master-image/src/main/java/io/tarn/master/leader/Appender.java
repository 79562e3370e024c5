package io.tarn.master.leader;

import io.tarn.master.journal.Journal;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.TarnException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The journal thread: appends one batch at a time, applies it to the state store once it is durable, and has its operations answered. The validation thread
 * hands batches over and looks at the outcome; nothing else is shared.
 */
final class Appender<R> {
    private final Journal journal;
    private final StateStore store;
    private final long epoch;
    private final LeaderMetrics metrics;
    private final Answers answers;
    private final Runnable finished;
    private final Thread thread;
    private final BlockingQueue<PendingBatch<R>> handedOver = new ArrayBlockingQueue<>(1);
    private @Nullable Failure failure;
    private volatile boolean idle = true;

    /** Why a batch could not be committed; {@code durable} where the journal has it nevertheless. */
    record Failure(Throwable cause, boolean durable) {
        TarnException error() {
            return Failures.of(cause);
        }

        boolean isRejection() {
            return !durable && cause instanceof TarnException tarn && Failures.isRejection(tarn);
        }
    }

    /** @param finished called on the journal thread after each batch */
    Appender(Journal journal, StateStore store, long epoch, LeaderMetrics metrics, Answers answers, Runnable finished) {
        this.journal = journal;
        this.store = store;
        this.epoch = epoch;
        this.metrics = metrics;
        this.answers = answers;
        this.finished = finished;
        this.thread = Thread.ofPlatform().daemon().name("master-journal").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Whether the last batch is committed or has failed. */
    boolean isIdle() {
        return idle;
    }

    /** Starts to commit a batch; only while idle. */
    void handOver(PendingBatch<R> batch) {
        idle = false;
        handedOver.add(batch);
    }

    /** The failure of the last batch, once; null where it was committed. Only while idle. */
    @Nullable
    Failure takeFailure() {
        Failure taken = failure;
        failure = null;
        return taken;
    }

    /** Ends the thread, which must be idle, and waits for it. */
    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void run() {
        try {
            while (true) {
                PendingBatch<R> batch = handedOver.take();
                failure = commit(batch);
                idle = true;
                finished.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Anything thrown is an outcome: the validation thread decides what it means. */
    @SuppressWarnings("CatchingUnchecked")
    private @Nullable Failure commit(PendingBatch<R> batch) {
        long sequence = store.appliedSequence() + 1;
        boolean durable = false;
        try {
            long startNanos = System.nanoTime();
            journal.append(epoch, sequence, batch.encode());
            durable = true;
            long appendedNanos = System.nanoTime();
            store.commit(sequence, batch.changes());
            metrics.append.record(appendedNanos - startNanos, TimeUnit.NANOSECONDS);
            metrics.apply.record(System.nanoTime() - appendedNanos, TimeUnit.NANOSECONDS);
            metrics.batchBytes.record(batch.lengthBytes());
            metrics.batchOperations.record(batch.waiting().size());
        } catch (Throwable e) {
            return new Failure(e, durable);
        }
        answers.answer(batch.waiting());
        return null;
    }
}
