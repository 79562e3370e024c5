package io.tarn.master.leader;

import io.tarn.master.journal.Journal;
import io.tarn.master.state.Changes;
import io.tarn.master.state.LayeredState;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs operations one after the other on the state as it will be (committed, plus the batch that is being appended, plus the batch being built), and hands
 * batches to the journal thread.
 *
 * <p>A thread of its own does so while the journal thread waits for the disk. When a batch has ended, the journal thread itself validates what came too late
 * for that, and goes on with the next batch at once ({@link #afterBatch}): no batch waits for a thread to wake up. A lock gives one of them the turn.
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

    /** Guards all that follows; {@link #inFlight} and {@link #missedTurn} may be read without it. */
    private final ReentrantLock lock = new ReentrantLock();

    private PendingBatch<R> open = new PendingBatch<>();
    private volatile @Nullable PendingBatch<R> inFlight;
    /** A batch has ended while the validation thread was at work. */
    private volatile boolean missedTurn;

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
        appender.start(this::afterBatch);
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
                queue.awaitWork(() -> inFlight == null ? 1 : OPERATIONS_WORTH_A_TURN, () -> missedTurn);
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
        lock.lock();
        try {
            missedTurn = false;
            settle();
            for (int i = 0; i < MAX_OPERATIONS_PER_TURN && validateNext(); i++) {
                continue;
            }
            settle();
            handOver();
        } finally {
            lock.unlock();
        }
    }

    /** On the journal thread, when a batch has ended and no other is under way. */
    void afterBatch() {
        if (!lock.tryLock()) {
            missedTurn = true;
            queue.wake();
            return;
        }
        try {
            settle();
            for (int i = 0;
                    i < MAX_OPERATIONS_PER_TURN && inFlight == null && !queue.isClosed() && validateNext();
                    i++) {
                continue;
            }
            handOver();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stepDown("validate operations", e);
        } catch (RuntimeException | Error e) {
            stepDown("validate operations", e);
        } finally {
            lock.unlock();
        }
        if (inFlight == null) {
            queue.wake();
        }
    }

    /** After the queue is closed: commits what has been validated. */
    private void finish() throws InterruptedException {
        boolean done = false;
        while (!done) {
            queue.await(appender::isIdle);
            lock.lock();
            try {
                settle();
                handOver();
                done = steppedDown || inFlight == null;
            } finally {
                lock.unlock();
            }
        }
    }

    /** @return false where no operation waits, or none may be validated any more */
    private boolean validateNext() throws InterruptedException {
        PendingOperation<R, ?> next = steppedDown ? null : queue.poll();
        if (next == null) {
            return false;
        }
        validate(next);
        return true;
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
        if (inFlight != null) {
            queue.await(appender::isIdle);
            settle();
        }
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

    /** Sends the open batch off, unless another one is under way. */
    private void handOver() {
        if (open.isEmpty() || inFlight != null || steppedDown) {
            return;
        }
        PendingBatch<R> batch = open;
        open = new PendingBatch<>();
        if (batch.hasRecords()) {
            inFlight = batch;
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
        lock.lock();
        try {
            if (steppedDown) {
                return;
            }
            steppedDown = true;
            TarnException reason = Failures.notLeader("this master has stepped down");
            queue.close(reason);
            drop(reason);
        } finally {
            lock.unlock();
        }
        LOG.error("Stepping down: could not {}", doing, cause);
        faultHandler.fault("could not " + doing, cause);
    }

    /** The end of the thread, for whatever reason: nobody is left without an answer. */
    private void end() {
        try {
            finish();
            appender.stop();
            for (PendingOperation<R, ?> left = queue.poll(); left != null; left = queue.poll()) {
                answers.fail(List.of(left), Failures.notLeader("this master leads no more"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
