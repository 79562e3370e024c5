package io.tarn.master.checkpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tarn.master.journal.Journal;
import io.tarn.master.state.StateStore;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes checkpoints of the state, from time to time and on request, keeps the last two, and trims the journal up to the older one: a checkpoint that turns
 * out to be damaged can then be replaced by the other one and a longer replay. Thread-safe.
 *
 * <p>Checkpoints share the state's unchanged files by hard links. They guard against a state that was lost or left inconsistent, not against the loss of the
 * disk: copy a checkpoint elsewhere for that.
 */
public final class Checkpointer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final int KEPT = 2;
    private static final long LOOK_SECONDS = 1;

    private final StateStore store;
    private final Journal journal;
    private final CheckpointDirectory directory;
    private final CheckpointConfig config;
    private final Timer duration;
    private final Counter failures;
    private final Gauge lag;
    private final Gauge journalSize;
    private final MeterRegistry registry;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("master-checkpoint").factory());
    private volatile long newestSequence;
    private long lastTryNanos = System.nanoTime();

    public Checkpointer(
            StateStore store, Journal journal, Path directory, CheckpointConfig config, MeterRegistry registry) {
        this.store = store;
        this.journal = journal;
        this.directory = new CheckpointDirectory(directory);
        this.config = config;
        this.registry = registry;
        this.duration = Timer.builder("tarn.master.checkpoint")
                .description("Time to make a checkpoint of the state")
                .register(registry);
        this.failures = Counter.builder("tarn.master.checkpoint.failures")
                .description("Checkpoints that could not be made")
                .register(registry);
        this.lag = Gauge.builder("tarn.master.checkpoint.lag", () -> store.appliedSequence() - newestSequence)
                .description("Batches of the journal that are not in a checkpoint")
                .register(registry);
        this.journalSize = Gauge.builder("tarn.master.journal.size", journal::sizeBytes)
                .description("Disk taken by the journal")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Begins to make checkpoints from time to time. */
    public void start() throws TarnException {
        try {
            List<CheckpointDirectory.Checkpoint> present = directory.newestFirst();
            newestSequence = present.isEmpty() ? 0 : present.getFirst().sequence();
        } catch (IOException e) {
            throw failed("list checkpoints", e);
        }
        scheduler.scheduleWithFixedDelay(this::checkpointIfDue, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Makes a checkpoint now, unless the newest one holds everything already.
     *
     * @return the sequence of the newest checkpoint
     */
    public synchronized long checkpoint() throws TarnException {
        lastTryNanos = System.nanoTime();
        if (newestSequence > 0 && newestSequence == store.appliedSequence()) {
            return newestSequence;
        }
        try {
            newestSequence = directory.add(store::checkpoint).sequence();
            List<CheckpointDirectory.Checkpoint> all = directory.newestFirst();
            for (CheckpointDirectory.Checkpoint old : all.subList(Math.min(KEPT, all.size()), all.size())) {
                directory.delete(old);
            }
            if (all.size() >= KEPT) {
                journal.trim(all.get(KEPT - 1).sequence());
            }
        } catch (TarnException e) {
            failures.increment();
            throw e;
        } catch (IOException e) {
            failures.increment();
            throw failed("make a checkpoint", e);
        }
        long nanos = System.nanoTime() - lastTryNanos;
        duration.record(nanos, TimeUnit.NANOSECONDS);
        LOG.info("Checkpoint of batch {} made in {} ms", newestSequence, TimeUnit.NANOSECONDS.toMillis(nanos));
        return newestSequence;
    }

    private synchronized void checkpointIfDue() {
        long sinceNanos = System.nanoTime() - lastTryNanos;
        boolean journalIsLong = journal.sizeBytes() > config.journalSize().bytes()
                && sinceNanos
                        > Math.min(
                                TimeUnit.MINUTES.toNanos(1), config.interval().toNanos());
        if (store.appliedSequence() > newestSequence
                && (journalIsLong || sinceNanos > config.interval().toNanos())) {
            try {
                checkpoint();
            } catch (TarnException | RuntimeException e) {
                LOG.warn(
                        "No checkpoint could be made, the journal is kept and the next try follows: {}",
                        e.getMessage(),
                        e);
            }
        }
    }

    static TarnException failed(String doing, IOException e) {
        return new TarnException(ErrorCode.UNAVAILABLE, "cannot " + doing + " (" + e + "): check space and rights", e);
    }

    /** Waits for a checkpoint that is being made; close this before the store. */
    @Override
    public void close() {
        scheduler.shutdown();
        try {
            while (!scheduler.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.info("Waiting for the checkpoint that is being made");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        registry.remove(lag);
        registry.remove(journalSize);
    }
}
