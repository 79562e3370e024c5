package io.tarn.master.backup;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.checkpoint.CheckpointConfig;
import io.tarn.master.checkpoint.MasterDirectory;
import io.tarn.master.journal.embedded.EmbeddedJournal;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.leader.LeaderConfig;
import io.tarn.master.leader.SingleWriterLeader;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.record.Record;
import io.tarn.master.record.RecordCodec;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.master.state.rocks.StateLoader;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the directory of a master from a backup, while no master uses it. All is built and opened once beside the final names, which it gets at the end: a
 * restoration that was interrupted is begun again. For one thread.
 *
 * <p>What the backup does not know of must not be met again: epochs that workers have seen, and ids under which they hold pages. Both go on from the time of
 * the restoration, in milliseconds: epochs grow by one at each start, and nobody gives a million ids in a millisecond, so that they are larger than any given
 * since the backup, also after an earlier restoration from it.
 */
public final class Restoration {
    private static final int IDS_PER_MILLISECOND_BITS = 20;
    private static final long SKIPPED_IDS = 1L << 40;

    private final Path file;
    private final RestoredDirectory directory;
    private final InstantSource clock;

    public Restoration(Path file, Path directory, InstantSource clock) {
        this.file = file;
        this.directory = new RestoredDirectory(directory);
        this.clock = clock;
    }

    /** @param replaced where the files that were in the directory are now, or null */
    public record Result(
            BackupReader.Content content, @Nullable Path replaced) {}

    /**
     * Restores.
     *
     * @param force move aside what is there
     * @throws TarnException ALREADY_EXISTS where something is there; UNAVAILABLE where a master uses it; CORRUPT where the backup is damaged, before anything
     *     was changed
     */
    public Result run(boolean force) throws IOException {
        BackupReader.Content content = BackupReader.read(file, puts -> {});
        try (RestoredDirectory.Claim claim = directory.claim(force)) {
            build(claim.building(), content.backup());
            return new Result(content, claim.finish());
        }
    }

    private void build(Path building, Backup backup) throws IOException {
        try (StateLoader state = new StateLoader(MasterDirectory.state(building), StateConfig.DEFAULT)) {
            var unused = BackupReader.read(file, state::add);
            state.finish(backup.sequence());
        }
        long now = clock.millis();
        EmbeddedJournal.create(
                MasterDirectory.journal(building),
                JournalConfig.DEFAULT,
                backup.sequence(),
                Math.max(backup.epoch(), now));
        try (MasterDirectory opened = MasterDirectory.open(
                building,
                JournalConfig.DEFAULT,
                StateConfig.DEFAULT,
                CheckpointConfig.DEFAULT,
                new SimpleMeterRegistry())) {
            skipIds(opened, now << IDS_PER_MILLISECOND_BITS);
            var unused = opened.checkpointer().checkpoint();
        }
    }

    private static void skipIds(MasterDirectory opened, long next) throws TarnException {
        try (SingleWriterLeader<Record> leader = SingleWriterLeader.start(
                opened.store(),
                opened.journal(),
                new RecordCodec(),
                LeaderConfig.DEFAULT,
                new SimpleMeterRegistry(),
                (what, cause) -> {})) {
            leader.submit((state, records) -> {
                        // The known ids count too, in case the clock is wrong.
                        long known = new NamespaceView(state).nextId();
                        records.accept(new Record.IdsReserved(Math.max(next, known + SKIPPED_IDS)));
                        return true;
                    })
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof TarnException failure
                    ? failure
                    : new TarnException(ErrorCode.INTERNAL, "the restored state takes no records", e);
        }
    }
}
