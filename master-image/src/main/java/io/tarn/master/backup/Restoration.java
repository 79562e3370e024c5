package io.tarn.master.backup;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tarn.master.checkpoint.CheckpointConfig;
import io.tarn.master.checkpoint.MasterDirectory;
import io.tarn.master.etcd.EtcdConfig;
import io.tarn.master.etcd.EtcdConnection;
import io.tarn.master.etcd.HistoryStart;
import io.tarn.master.journal.embedded.EmbeddedJournal;
import io.tarn.master.journal.embedded.JournalConfig;
import io.tarn.master.record.Keys;
import io.tarn.master.state.Changes;
import io.tarn.master.state.Table;
import io.tarn.master.state.rocks.RocksStateStore;
import io.tarn.master.state.rocks.StateConfig;
import io.tarn.master.state.rocks.StateLoader;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes the directory of a master from a backup, while no master uses it, and with it the journal: on its disk, or in etcd, where other masters then take its
 * state. All is built and opened once beside the final names, which it gets at the end: a restoration that was interrupted is begun again. For one thread.
 *
 * <p>What the backup does not know of must not be met again: epochs that workers have seen, and ids under which they hold pages. Both go on from the time of
 * the restoration: nobody begins a thousand epochs in a millisecond, or makes a thousand changes of etcd, which its revisions count, nor gives a million ids,
 * so that they are larger than any given since the backup, also after an earlier restoration from it.
 */
public final class Restoration {
    private static final int EPOCHS_PER_MILLISECOND_BITS = 10;
    private static final int IDS_PER_MILLISECOND_BITS = 20;
    private static final long SKIPPED_IDS = 1L << 40;
    /** For each request to etcd: nobody waits, and a process that has just started is slow. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path file;
    private final RestoredDirectory directory;
    private final EtcdConfig etcd;
    private final InstantSource clock;

    /** @param etcd where the journal is to be; {@link EtcdConfig#NONE}: in the directory */
    public Restoration(Path file, Path directory, EtcdConfig etcd, InstantSource clock) {
        this.file = file;
        this.directory = new RestoredDirectory(directory);
        this.etcd = etcd;
        this.clock = clock;
    }

    /** @param replaced where the files that were in the directory are now, or null */
    public record Result(
            BackupReader.Content content, @Nullable Path replaced) {}

    /**
     * Restores.
     *
     * @param force move aside what is in the directory
     * @throws TarnException ALREADY_EXISTS where something is there, or below the prefix in etcd; UNAVAILABLE where a master uses it, or etcd does not answer;
     *     CORRUPT where the backup is damaged, before anything was changed
     */
    public Result run(boolean force) throws IOException {
        BackupReader.Content content = BackupReader.read(file, puts -> {});
        if (!etcd.isUsed()) {
            try (RestoredDirectory.Claim claim = directory.claim(force)) {
                HistoryStart start = load(claim.building(), content.backup());
                addJournal(claim.building(), start);
                return new Result(content, claim.finish());
            }
        }
        try (EtcdConnection connection = EtcdConnection.open(etcd.with(PATIENCE))) {
            HistoryStart.requireNone(connection);
            try (RestoredDirectory.Claim claim = directory.claim(force)) {
                HistoryStart start = load(claim.building(), content.backup());
                RocksStateStore.open(MasterDirectory.state(claim.building()), StateConfig.DEFAULT)
                        .close();
                Path replaced = claim.finish();
                start.write(connection);
                return new Result(content, replaced);
            }
        }
    }

    private HistoryStart load(Path building, Backup backup) throws IOException {
        long now = clock.millis();
        HistoryStart start =
                new HistoryStart(backup.sequence(), Math.max(backup.epoch(), now << EPOCHS_PER_MILLISECOND_BITS));
        try (StateLoader state = new StateLoader(MasterDirectory.state(building), StateConfig.DEFAULT)) {
            var unused = BackupReader.read(file, state::add);
            byte[] nextId = state.get(Table.META, Keys.NEXT_ID);
            // The known ids count too, in case the clock is wrong.
            long known = nextId == null ? 0 : Keys.idOf(nextId);
            Changes later = new Changes();
            later.put(
                    Table.META, Keys.NEXT_ID, Keys.id(Math.max(now << IDS_PER_MILLISECOND_BITS, known + SKIPPED_IDS)));
            later.put(Table.META, Keys.EPOCH, Keys.id(start.epoch()));
            state.add(later);
            state.finish(start.sequence());
        }
        return start;
    }

    private static void addJournal(Path building, HistoryStart start) throws IOException {
        EmbeddedJournal.create(
                MasterDirectory.journal(building), JournalConfig.DEFAULT, start.sequence(), start.epoch());
        try (MasterDirectory opened = MasterDirectory.open(
                building,
                JournalConfig.DEFAULT,
                StateConfig.DEFAULT,
                CheckpointConfig.DEFAULT,
                new SimpleMeterRegistry())) {
            var unused = opened.checkpointer().checkpoint();
        }
    }
}
