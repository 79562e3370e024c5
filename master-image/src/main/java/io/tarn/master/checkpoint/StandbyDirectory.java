package io.tarn.master.checkpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.journal.Journal;
import io.tarn.master.journal.embedded.DirectoryLock;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.protocol.error.TarnException;
import java.nio.file.Path;

/**
 * What a master keeps on its own disk whose journal is elsewhere: {@code state/} and {@code checkpoints/}. A lock keeps other processes out. Close it after the
 * leader that uses it. Thread-safe.
 */
public final class StandbyDirectory implements AutoCloseable {
    private final DirectoryLock lock;
    private final StateStore store;
    private final Checkpointer checkpointer;

    private StandbyDirectory(DirectoryLock lock, StateStore store, Checkpointer checkpointer) {
        this.lock = lock;
        this.store = store;
        this.checkpointer = checkpointer;
    }

    /**
     * Opens the state, which is restored where it has to be.
     *
     * @throws TarnException CORRUPT where too much is damaged; UNAVAILABLE where the directory is in use or cannot be written, or the journal not be read
     */
    public static StandbyDirectory open(
            Path directory,
            Journal journal,
            StateConfig stateConfig,
            CheckpointConfig checkpointConfig,
            MeterRegistry registry)
            throws TarnException {
        MasterDirectory.make(directory);
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Path checkpoints = MasterDirectory.checkpoints(directory);
            StateStore store =
                    new StateRecovery(MasterDirectory.state(directory), checkpoints, journal, stateConfig).open();
            Checkpointer checkpointer = new Checkpointer(store, journal, checkpoints, checkpointConfig, registry);
            checkpointer.start();
            // Tells the others how far this one's disk goes, be it less than before.
            journal.trim(store.durableSequence());
            return new StandbyDirectory(lock, store, checkpointer);
        } catch (TarnException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    public StateStore store() {
        return store;
    }

    @Override
    public void close() {
        try {
            checkpointer.close();
            store.close();
        } finally {
            lock.close();
        }
    }
}
