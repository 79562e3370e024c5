package io.tarn.master.backup;

import io.tarn.master.record.FieldWriter;
import io.tarn.master.record.Keys;
import io.tarn.master.record.NamespaceView;
import io.tarn.master.state.Format;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.StateStore;
import io.tarn.master.state.Table;
import io.tarn.protocol.release.Release;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes the backup of a state that goes on changing: all tables are scanned as they were at one moment, the one of {@link #start}. Holds a block in memory;
 * while it is open the store keeps the files of that moment. For one thread. Damage in the state comes as the store's {@link java.io.UncheckedIOException}.
 */
public final class BackupWriter implements AutoCloseable {
    private final Backup backup;
    private final Deque<Map.Entry<Table, StateReader.Cursor>> tables;
    private final Deque<ByteBuffer> beginning = new ArrayDeque<>();
    private final CRC32C checksum = new CRC32C();
    private long lengthBytes;
    private long entries;
    private boolean ended;

    private BackupWriter(Backup backup, int format, Deque<Map.Entry<Table, StateReader.Cursor>> tables) {
        this.backup = backup;
        this.tables = tables;
        FieldWriter description = new FieldWriter().u8(BackupFormat.DESCRIPTION);
        backup.write(description);
        beginning.add(BackupFormat.preamble(format));
        beginning.add(BackupFormat.block(description.toBytes()));
    }

    /** Begins the backup of a store that holds a cluster. */
    public static BackupWriter start(StateStore store, long epoch, long nowMillis) {
        Deque<Map.Entry<Table, StateReader.Cursor>> tables = new ArrayDeque<>();
        store.readLock().lock();
        try {
            NamespaceView.Cluster cluster = new NamespaceView(store).cluster();
            if (cluster == null) {
                throw new IllegalStateException("the state holds no cluster yet");
            }
            for (Table table : Table.values()) {
                if (table.journaled()) {
                    tables.add(Map.entry(table, store.scan(table, Keys.ALL, null)));
                }
            }
            Backup backup = new Backup(cluster.id(), Release.version(), epoch, store.appliedSequence(), nowMillis);
            return new BackupWriter(backup, Format.of(store), tables);
        } finally {
            store.readLock().unlock();
        }
    }

    public Backup backup() {
        return backup;
    }

    /** The next bytes of the file; null at its end. */
    public @Nullable ByteBuffer next() {
        ByteBuffer next = beginning.isEmpty() ? entries() : beginning.remove();
        if (next == null && !ended) {
            ended = true;
            next = BackupFormat.block(new FieldWriter()
                    .u8(BackupFormat.END)
                    .fixed64(entries)
                    .fixed64(checksum())
                    .toBytes());
        }
        if (next != null) {
            checksum.update(next.duplicate());
            lengthBytes += next.remaining();
        }
        return next;
    }

    private @Nullable ByteBuffer entries() {
        while (!tables.isEmpty()) {
            Map.Entry<Table, StateReader.Cursor> table = tables.getFirst();
            FieldWriter content = new FieldWriter(BackupFormat.BLOCK_BYTES);
            int count = 0;
            long bytes = 0;
            while (bytes < BackupFormat.BLOCK_BYTES && table.getValue().next()) {
                byte[] key = table.getValue().key();
                byte[] value = table.getValue().value();
                content.bytes(key).bytes(value);
                bytes += key.length + value.length;
                count++;
            }
            if (count > 0) {
                entries += count;
                return BackupFormat.block(new FieldWriter()
                        .u8(BackupFormat.ENTRIES)
                        .text(table.getKey().name())
                        .varint(count)
                        .raw(content.toBytes())
                        .toBytes());
            }
            tables.remove().getValue().close();
        }
        return null;
    }

    /** Entries written so far. */
    public long entryCount() {
        return entries;
    }

    /** Bytes given so far. */
    public long lengthBytes() {
        return lengthBytes;
    }

    /** CRC32C of the bytes given so far. */
    public int checksum() {
        return (int) checksum.getValue();
    }

    @Override
    public void close() {
        tables.forEach(table -> table.getValue().close());
        tables.clear();
    }
}
