package io.tarn.master.checkpoint;

import io.micrometer.core.instrument.MeterRegistry;
import io.tarn.master.journal.Journal;
import io.tarn.master.journal.embedded.EmbeddedJournal;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.runtime.directory.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a master which is alone keeps on disk, in one directory: {@code journal/}, {@code state/} and {@code checkpoints/}. The journal's lock
 * keeps other processes out of all of it. Close it after the leader that uses it. Thread-safe.
 */
public final class MasterDirectory implements AutoCloseable {
    private static final String JOURNAL = "journal";
    private static final String STATE = "state";
    private static final String CHECKPOINTS = "checkpoints";

    private final Journal journal;
    private final StateStore store;
    private final Checkpointer checkpointer;

    private MasterDirectory(Journal journal, StateStore store, Checkpointer checkpointer) {
        this.journal = journal;
        this.store = store;
        this.checkpointer = checkpointer;
    }

    /** Where the journal is in a master's directory. */
    public static Path journal(Path directory) {
        return directory.resolve(JOURNAL);
    }

    /** Where the state is in a master's directory. */
    public static Path state(Path directory) {
        return directory.resolve(STATE);
    }

    /** Where checkpoints of the state are in a master's directory. */
    static Path checkpoints(Path directory) {
        return directory.resolve(CHECKPOINTS);
    }

    /** What a master needs in its directory; the journal last. */
    public static List<Path> parts(Path directory) {
        return List.of(checkpoints(directory), state(directory), journal(directory));
    }

    /** Whether a file of this name in its directory is the master's; also what {@link StateRecovery} leaves. */
    public static boolean isPart(String name) {
        return name.equals(JOURNAL) || name.equals(CHECKPOINTS) || name.equals(STATE) || name.startsWith(STATE + ".");
    }

    /**
     * Opens the journal, and the state, which is restored where it has to be. A leader then replays what is missing.
     *
     * @throws TarnException CORRUPT where too much is damaged; UNAVAILABLE where the directory is in use or cannot be written; NO_SPACE
     */
    public static MasterDirectory open(
            Path directory,
            JournalConfig journalConfig,
            StateConfig stateConfig,
            CheckpointConfig checkpointConfig,
            MeterRegistry registry)
            throws TarnException {
        make(directory);
        Journal journal = EmbeddedJournal.open(journal(directory), journalConfig);
        try {
            Path checkpoints = checkpoints(directory);
            StateStore store = new StateRecovery(state(directory), checkpoints, journal, stateConfig, null).open();
            Checkpointer checkpointer = new Checkpointer(store, journal, checkpoints, checkpointConfig, registry);
            checkpointer.start();
            return new MasterDirectory(journal, store, checkpointer);
        } catch (TarnException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Makes the directory, for its user alone: journal and state hold the mounts' credentials. */
    static void make(Path directory) throws TarnException {
        try {
            PrivateDirectory.create(directory);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "the master's directory " + directory + " cannot be made (" + e
                            + "): make it for the master's user, or change master.directory",
                    e);
        }
    }

    public Journal journal() {
        return journal;
    }

    public StateStore store() {
        return store;
    }

    public Checkpointer checkpointer() {
        return checkpointer;
    }

    @Override
    public void close() {
        try {
            checkpointer.close();
            store.close();
        } finally {
            journal.close();
        }
    }
}
