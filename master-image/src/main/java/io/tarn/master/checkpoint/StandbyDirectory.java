package io.tarn.master.checkpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.journal.Journal;
import io.tarn.master.journal.embedded.DirectoryLock;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a master keeps on its own disk whose journal is elsewhere: {@code state/} and {@code checkpoints/}. A lock keeps other processes out. Close it after the
 * leader that uses it. Thread-safe.
 */
public final class StandbyDirectory implements MemberState {
    private static final String COPY = "copy-";

    private final DirectoryLock lock;
    private final StateRecovery recovery;
    private final Path checkpoints;
    private final Journal journal;
    private final CheckpointConfig config;
    private final MeterRegistry registry;
    private volatile StateStore store;
    private Checkpointer checkpointer;
    private long copies;

    private StandbyDirectory(
            DirectoryLock lock,
            StateRecovery recovery,
            Path checkpoints,
            Journal journal,
            CheckpointConfig config,
            MeterRegistry registry)
            throws TarnException {
        this.lock = lock;
        this.recovery = recovery;
        this.checkpoints = checkpoints;
        this.journal = journal;
        this.config = config;
        this.registry = registry;
        this.store = recovery.open();
        this.checkpointer = new Checkpointer(store, journal, checkpoints, config, registry);
        beginCheckpoints();
    }

    /**
     * Opens the state, which is restored where it has to be, or taken from another master.
     *
     * @throws TarnException CORRUPT where too much is damaged; UNAVAILABLE where the directory is in use or cannot be written, the journal not be read, or no
     *     other master gives its state
     */
    public static StandbyDirectory open(
            Path directory,
            Journal journal,
            StateSource others,
            StateConfig stateConfig,
            CheckpointConfig checkpointConfig,
            MeterRegistry registry)
            throws TarnException {
        MasterDirectory.make(directory);
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Path checkpoints = MasterDirectory.checkpoints(directory);
            deleteCopies(checkpoints);
            StateRecovery recovery =
                    new StateRecovery(MasterDirectory.state(directory), checkpoints, journal, stateConfig, others);
            return new StandbyDirectory(lock, recovery, checkpoints, journal, checkpointConfig, registry);
        } catch (TarnException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Where it fails, nothing is left open. */
    private void beginCheckpoints() throws TarnException {
        boolean begun = false;
        try {
            checkpointer.start();
            // Tells the others how far this one's disk goes, be it less than before.
            journal.trim(store.durableSequence());
            begun = true;
        } finally {
            if (!begun) {
                closeState();
            }
        }
    }

    private void closeState() {
        checkpointer.close();
        store.close();
    }

    @Override
    public StateStore store() {
        return store;
    }

    @Override
    public synchronized void renew() throws TarnException {
        closeState();
        store = recovery.open();
        checkpointer = new Checkpointer(store, journal, checkpoints, config, registry);
        beginCheckpoints();
    }

    @Override
    public synchronized StateCopy copyState() throws TarnException {
        Path copy = checkpoints.resolve(COPY + copies++);
        try {
            Files.createDirectories(checkpoints);
            return new StateCopy(copy, store.checkpoint(copy));
        } catch (IOException e) {
            throw Checkpointer.failed("copy the state", e);
        }
    }

    /** What a process left that was killed. */
    private static void deleteCopies(Path checkpoints) throws TarnException {
        if (!Files.exists(checkpoints)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(checkpoints, COPY + "*")) {
            for (Path copy : left) {
                FileTree.delete(copy);
            }
        } catch (IOException e) {
            throw Checkpointer.failed("delete what was copied", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            closeState();
        } finally {
            lock.close();
        }
    }
}
