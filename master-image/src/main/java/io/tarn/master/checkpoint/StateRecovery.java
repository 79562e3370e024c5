package io.tarn.master.checkpoint;

import io.tarn.master.journal.Journal;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.rocks.CheckpointFiles;
import io.tarn.master.state.rocks.RocksStateStore;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the state at the start of a master; where it is damaged, missing or older than the journal reaches back, makes it anew from the newest good
 * checkpoint, from nothing where the journal goes back to the first batch, or from another master's state. What is then missing is replayed by the leader.
 * For one thread.
 */
public final class StateRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(StateRecovery.class);

    private final Path state;
    private final Path checkpoints;
    private final Journal journal;
    private final StateConfig config;
    private final @Nullable StateSource others;

    /** @param others null: this master is alone */
    public StateRecovery(
            Path state, Path checkpoints, Journal journal, StateConfig config, @Nullable StateSource others) {
        this.others = others;
        this.state = state;
        this.checkpoints = checkpoints;
        this.journal = journal;
        this.config = config;
    }

    /**
     * @throws TarnException CORRUPT where neither the state nor a checkpoint nor the journal is whole; UNAVAILABLE where another master's state is needed and
     *     none gives it; nothing is deleted then
     */
    public RocksStateStore open() throws TarnException {
        try {
            RocksStateStore store = openWhole();
            if (store == null && RocksStateStore.forgetDamagedMirror(state, config)) {
                LOG.warn("Only the mirror in {} was damaged; what the stores hold is listed again", state);
                store = openWhole();
            }
            return store == null ? restore() : store;
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot restore the state to " + state + " (" + e + "): check space and rights",
                    e);
        }
    }

    /** The state as it is; null where it is missing or damaged. */
    private @Nullable RocksStateStore openWhole() throws TarnException {
        if (!Files.exists(state)) {
            return null;
        }
        try {
            return openUsable(state);
        } catch (TarnException e) {
            if (e.code() != ErrorCode.CORRUPT) {
                throw e;
            }
            LOG.warn("{}", e.getMessage());
            return null;
        }
    }

    private RocksStateStore openUsable(Path directory) throws TarnException {
        long first = journal.firstSequence();
        long firstEpoch = journal.firstEpoch();
        RocksStateStore store = RocksStateStore.open(directory, config);
        long applied = store.appliedSequence();
        long epoch = new NamespaceView(store).epoch();
        if (applied + 1 >= first && epoch >= firstEpoch) {
            return store;
        }
        store.close();
        throw new TarnException(
                ErrorCode.CORRUPT,
                applied + 1 < first
                        ? directory + " ends at batch " + applied + " and the journal begins at batch " + first
                                + ": batches between them are missing, restore another checkpoint"
                        : directory + " is of epoch " + epoch + ", and the journal was begun in epoch " + firstEpoch
                                + " from a backup: they do not go together");
    }

    private RocksStateStore restore() throws IOException {
        String firstDamage = "";
        for (CheckpointDirectory.Checkpoint checkpoint : new CheckpointDirectory(checkpoints).newestFirst()) {
            try {
                return restore(checkpoint);
            } catch (TarnException e) {
                if (e.code() != ErrorCode.CORRUPT) {
                    throw e;
                }
                LOG.warn("Checkpoint {} cannot be used: {}", checkpoint.path(), e.getMessage());
                firstDamage = firstDamage.isEmpty() ? " (" + e.getMessage() + ")" : firstDamage;
            }
        }
        if (journal.firstSequence() > 1 && others != null) {
            LOG.warn("The state in {} does not go with the journal: taking that of another master", state);
            return restore(fetch(others));
        }
        if (journal.firstSequence() > 1) {
            throw new TarnException(
                    ErrorCode.CORRUPT,
                    "the state in " + state + " is lost or damaged, no checkpoint in " + checkpoints
                            + " is whole" + firstDamage + ", and the journal begins only at batch "
                            + journal.firstSequence() + ": restore the master's directory from a backup with"
                            + " \"tarn restore FILE --directory DIR --force\"");
        }
        if (journal.lastSequence() > 0) {
            LOG.warn("The state in {} is made anew from the whole journal, {} batches", state, journal.lastSequence());
        }
        setAside();
        return RocksStateStore.open(state, config);
    }

    /** A checkpoint here that is newer than the one of another master is none of this history. */
    private CheckpointDirectory.Checkpoint fetch(StateSource source) throws IOException {
        CheckpointDirectory directory = new CheckpointDirectory(checkpoints);
        CheckpointDirectory.Checkpoint fetched = directory.add(source::fetch);
        for (CheckpointDirectory.Checkpoint old : directory.newestFirst()) {
            if (old.sequence() > fetched.sequence()) {
                directory.delete(old);
            }
        }
        return fetched;
    }

    private RocksStateStore restore(CheckpointDirectory.Checkpoint checkpoint) throws IOException {
        verify(checkpoint);
        Path restoring = state.resolveSibling(state.getFileName() + ".restoring");
        FileTree.delete(restoring);
        CheckpointFiles.restore(checkpoint.state(), restoring);
        openUsable(restoring).close();
        setAside();
        Files.move(restoring, state, StandardCopyOption.ATOMIC_MOVE);
        LOG.warn("The state in {} is restored from the checkpoint of batch {}", state, checkpoint.sequence());
        return RocksStateStore.open(state, config);
    }

    private static void verify(CheckpointDirectory.Checkpoint checkpoint) throws TarnException {
        try {
            checkpoint.manifest().verify(checkpoint.state());
        } catch (TarnException e) {
            throw e;
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.CORRUPT, checkpoint.path() + " cannot be read (" + e + "): use an older one", e);
        }
    }

    /** Keeps the damaged state, the last one, for whoever wants to know what happened to it. */
    private void setAside() throws IOException {
        if (Files.exists(state)) {
            Path damaged = state.resolveSibling(state.getFileName() + ".damaged");
            FileTree.delete(damaged);
            Files.move(state, damaged, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
