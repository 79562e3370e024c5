package io.tarn.master.leader;

import io.tarn.master.journal.Journal;
import io.tarn.master.state.Changes;
import io.tarn.master.state.LayeredState;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The validation thread: runs operations one after the other on the state as it will be (committed, plus the batch that is being appended, plus the batch
 * being built), and hands batches to the journal thread.
 *
 * <p>Layers of the state, oldest first: the batch in flight where there is one, then the open batch, then, while an operation runs, its own changes.
 */
final class Validation<R> {
    private static final Logger LOG = LoggerFactory.getLogger(Validation.class);
    private static final int MAX_OPERATIONS_PER_TURN = 256;
    /** While a batch is being appended, fewer can wait for its end: each turn costs the thread a wake-up. */
    private static final int OPERATIONS_WORTH_A_TURN = 4;

    private final OperationQueue<R> queue;
    private final Appender<R> appender;
    private final Answers answers;
    private final RecordType<R> type;
    private final FaultHandler faultHandler;
    private final LayeredState state;
    private final Thread thread;
    private final CommitDelay delay = new CommitDelay();

    private PendingBatch<R> open = new PendingBatch<>();
    private @Nullable PendingBatch<R> inFlight;
    private long handedOverNanos;
    private boolean steppedDown;
    private @Nullable TarnException dropped;

    Validation(
            OperationQueue<R> queue,
            Appender<R> appender,
            Answers answers,
            StateStore store,
            RecordType<R> type,
            FaultHandler faultHandler) {
        this.queue = queue;
        this.appender = appender;
        this.answers = answers;
        this.type = type;
        this.faultHandler = faultHandler;
        this.state = new LayeredState(store);
        this.state.push(open.changes());
        this.thread = Thread.ofPlatform().daemon().name("master-leader").unstarted(this::run);
    }

    void start() {
        appender.start();
        thread.start();
    }

    void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!queue.isClosed()) {
                turn();
            }
            finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stepDown("wait for work", e);
        } catch (RuntimeException | Error e) {
            stepDown("validate operations", e);
        }
        end();
    }

    private void turn() throws InterruptedException {
        List<PendingOperation<R, ?>> operations = takeOperations();
        settle();
        for (PendingOperation<R, ?> operation : operations) {
            if (steppedDown) {
                answers.fail(List.of(operation), Failures.notLeader("this master has stepped down"));
            } else {
                validate(operation);
            }
        }
        settle();
        long now = System.nanoTime();
        delay.look(open.waiting().size(), now);
        if (inFlight == null && !steppedDown && delay.missing(now) == 0) {
            handOver();
        }
    }

    private List<PendingOperation<R, ?>> takeOperations() throws InterruptedException {
        if (inFlight != null) {
            return queue.take(OPERATIONS_WORTH_A_TURN, MAX_OPERATIONS_PER_TURN, appender::isIdle);
        }
        long now = System.nanoTime();
        int missing = delay.missing(now);
        if (missing > 0) {
            return queue.take(
                    Math.min(missing, OPERATIONS_WORTH_A_TURN), MAX_OPERATIONS_PER_TURN, delay.remainingNanos(now));
        }
        return queue.take(1, MAX_OPERATIONS_PER_TURN, () -> !open.isEmpty());
    }

    /** After the queue is closed: commits what has been validated. */
    private void finish() throws InterruptedException {
        while (!steppedDown && (inFlight != null || !open.isEmpty())) {
            queue.await(appender::isIdle);
            settle();
            if (!steppedDown) {
                handOver();
            }
        }
    }

    private void validate(PendingOperation<R, ?> operation) throws InterruptedException {
        Changes changes = new Changes();
        OperationRecords<R> emitted = new OperationRecords<>(type, state, changes);
        state.push(changes);
        try {
            operation.validate(state, emitted);
        } catch (TarnException e) {
            refuse(operation, e);
            return;
        } catch (RuntimeException | StackOverflowError e) {
            TarnException failure = Failures.of(e);
            if (failure.code() == ErrorCode.INTERNAL) {
                LOG.error("An operation failed unexpectedly; nothing of it was carried out", e);
            }
            refuse(operation, failure);
            return;
        }
        state.pop();
        if (emitted.isEmpty() && open.isEmpty() && inFlight == null) {
            answers.answer(List.of(operation));
            return;
        }
        if (open.lengthBytes() + emitted.lengthBytes() > Journal.MAX_BATCH_BYTES && !makeRoom(operation)) {
            return;
        }
        open.add(operation, emitted);
    }

    /** A refusal may rest on what is not committed yet, so it too waits for that. */
    private void refuse(PendingOperation<R, ?> operation, TarnException failure) {
        state.pop();
        if (open.isEmpty() && inFlight == null) {
            answers.fail(List.of(operation), failure);
        } else {
            operation.refuse(failure);
            open.addWaiting(operation);
        }
    }

    /** Sends the open batch off to begin another; false where the journal failed meanwhile and the operation with it. */
    private boolean makeRoom(PendingOperation<R, ?> operation) throws InterruptedException {
        PendingBatch<R> full = open;
        queue.await(appender::isIdle);
        settle();
        if (open != full) {
            answers.fail(List.of(operation), Objects.requireNonNull(dropped));
            return false;
        }
        handOver();
        return true;
    }

    /** Takes note of how the batch in flight ended, once it has. */
    private void settle() {
        PendingBatch<R> batch = inFlight;
        if (batch == null || !appender.isIdle()) {
            return;
        }
        inFlight = null;
        Appender.Failure failure = appender.takeFailure();
        if (failure == null) {
            state.removeOldest();
            long now = System.nanoTime();
            delay.begin(batch.waiting().size(), open.waiting().size(), now - handedOverNanos, now);
        } else if (failure.isRejection()) {
            LOG.warn("The journal took no batch: {}", failure.error().getMessage());
            answers.fail(batch.waiting(), failure.error());
            drop(failure.error());
        } else {
            boolean certainlyNot = !failure.durable() && failure.error().code() == ErrorCode.NOT_LEADER;
            answers.fail(batch.waiting(), certainlyNot ? failure.error() : Failures.outcomeUnknown(failure.cause()));
            stepDown("append a batch to the journal and apply it", failure.cause());
        }
    }

    private void handOver() {
        if (open.isEmpty()) {
            return;
        }
        PendingBatch<R> batch = open;
        open = new PendingBatch<>();
        delay.end();
        if (batch.hasRecords()) {
            inFlight = batch;
            handedOverNanos = System.nanoTime();
            appender.handOver(batch);
        } else {
            state.pop();
            answers.answer(batch.waiting());
        }
        state.push(open.changes());
    }

    /** Drops what is not committed; whoever waits for it gets {@code reason}. */
    private void drop(TarnException reason) {
        dropped = reason;
        answers.fail(open.waiting(), reason);
        state.clear();
        open = new PendingBatch<>();
        state.push(open.changes());
    }

    private void stepDown(String doing, Throwable cause) {
        if (steppedDown) {
            return;
        }
        steppedDown = true;
        TarnException reason = Failures.notLeader("this master has stepped down");
        queue.close(reason);
        drop(reason);
        LOG.error("Stepping down: could not {}", doing, cause);
        faultHandler.fault("could not " + doing, cause);
    }

    /** The end of the thread, for whatever reason: nobody is left without an answer. */
    private void end() {
        try {
            queue.await(appender::isIdle);
            settle();
            appender.stop();
            while (queue.size() > 0) {
                answers.fail(
                        queue.take(1, MAX_OPERATIONS_PER_TURN, () -> true),
                        Failures.notLeader("this master leads no more"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
