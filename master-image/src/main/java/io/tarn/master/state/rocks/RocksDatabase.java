package io.tarn.master.state.rocks;

import io.tarn.master.state.Changes;
import io.tarn.master.state.Format;
import io.tarn.master.state.Table;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/**
 * The native database: a column family for each table, and the default one for the applied sequence and the format. Thread-safe, but nobody may use it
 * during or after {@link #close()}: that would crash the process.
 */
final class RocksDatabase implements AutoCloseable {
    /** Keys begin with ids, which never come so far. */
    private static final byte[] BEYOND_ALL = {-1, -1, -1, -1, -1, -1, -1, -1, -1};

    private static final byte[] SEQUENCE_KEY = "applied-sequence".getBytes(StandardCharsets.UTF_8);
    private static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.UTF_8);
    private static final long STALL_PAUSE_NANOS = 1_000_000;
    /** About ten seconds of pauses. */
    private static final int MOST_STALL_PAUSES = 10_000;

    private final RocksOptions options;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Table, ColumnFamilyHandle> byTable = new EnumMap<>(Table.class);

    private RocksDatabase(RocksOptions options, RocksDB database, List<ColumnFamilyHandle> handles) {
        this.options = options;
        this.database = database;
        this.handles = handles;
        for (Table table : Table.values()) {
            byTable.put(table, handles.get(table.ordinal() + 1));
        }
    }

    static RocksDatabase open(Path directory, StateConfig config, RocksFailures failures) throws TarnException {
        failures.checkNotMarked();
        return openMarked(directory, config, failures);
    }

    /** Opens it even where damage was found when it was last used. */
    static RocksDatabase openMarked(Path directory, StateConfig config, RocksFailures failures) throws TarnException {
        makeReady(directory);
        RocksOptions options = new RocksOptions(config);
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options.columnFamily()));
        for (Table table : Table.values()) {
            byte[] name = table.name().getBytes(StandardCharsets.UTF_8);
            descriptors.add(new ColumnFamilyDescriptor(name, options.columnFamily()));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database = RocksDB.open(options.database(), directory.toString(), descriptors, handles);
            RocksDatabase opened = new RocksDatabase(options, database, handles);
            opened.checkFormat(directory);
            return opened;
        } catch (RocksDBException e) {
            options.close();
            throw failures.of("open the state", e);
        }
    }

    private static void makeReady(Path directory) throws TarnException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.UNAVAILABLE,
                    "cannot use " + directory + " for the state: check that it can be written",
                    e);
        }
        RocksLibrary.load(directory);
    }

    private void checkFormat(Path directory) throws RocksDBException, TarnException {
        byte[] format = database.get(FORMAT_KEY);
        if (format == null) {
            database.put(options.write(), FORMAT_KEY, encode(Format.FIRST));
            return;
        }
        int found = ByteBuffer.wrap(format).getInt();
        if (found < Format.FIRST || found > Format.NEWEST) {
            close();
            throw Format.tooNew("the state in " + directory + " is of format " + found);
        }
    }

    private static byte[] encode(int format) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(format).array();
    }

    byte @Nullable [] get(Table table, byte[] key) throws RocksDBException {
        return database.get(handle(table), key);
    }

    RocksIterator iterator(Table table, ReadOptions read) {
        return database.newIterator(handle(table), read);
    }

    long appliedSequence() throws RocksDBException {
        return sequence(database);
    }

    /** The sequence that the database in {@code directory}, which nobody uses, holds. */
    static long sequenceOf(Path directory) throws RocksDBException {
        try (Options options = new Options();
                RocksDB database = RocksDB.openReadOnly(options, directory.toString())) {
            return sequence(database);
        }
    }

    private static long sequence(RocksDB database) throws RocksDBException {
        byte[] value = database.get(SEQUENCE_KEY);
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    /** Writes changes, and with them the format where they raise it and the applied sequence where it is not negative, atomically. */
    void write(Changes changes, long sequence) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (Map.Entry<Table, NavigableMap<byte[], byte @Nullable []>> table :
                    changes.tables().entrySet()) {
                ColumnFamilyHandle handle = handle(table.getKey());
                for (Map.Entry<byte[], byte @Nullable []> entry :
                        table.getValue().entrySet()) {
                    byte[] value = entry.getValue();
                    if (value == null) {
                        batch.delete(handle, entry.getKey());
                    } else {
                        batch.put(handle, entry.getKey(), value);
                    }
                }
            }
            Integer format = Format.in(changes);
            if (format != null) {
                // Beside the tables too: there releases before the first raise look whether they know the format.
                batch.put(FORMAT_KEY, encode(format));
            }
            if (sequence >= 0) {
                batch.put(
                        SEQUENCE_KEY,
                        ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
            }
            writePatiently(batch);
        }
    }

    void emptyMirror() throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            batch.deleteRange(handle(Table.MIRROR), new byte[0], BEYOND_ALL);
            writePatiently(batch);
        }
    }

    /** RocksDB waits for a flush while its buffers are full: for ever where the disk is full. This waits for a bounded time. */
    private void writePatiently(WriteBatch batch) throws RocksDBException {
        for (int pauses = 0; ; pauses++) {
            try {
                database.write(options.write(), batch);
                return;
            } catch (RocksDBException e) {
                boolean stalled = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete;
                if (!stalled || pauses == MOST_STALL_PAUSES) {
                    throw e;
                }
                LockSupport.parkNanos(STALL_PAUSE_NANOS);
            }
        }
    }

    void flush() throws RocksDBException {
        database.flush(options.flush(), handles);
    }

    void checkpoint(Path directory) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(directory.toString());
        }
    }

    /** Bytes that a flush would write, before compression. */
    long unflushedBytes() throws RocksDBException {
        return database.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
    }

    /** Reads everything that is journaled. */
    void readJournaled() throws RocksDBException {
        var unused = appliedSequence();
        try (ReadOptions read = new ReadOptions().setFillCache(false)) {
            for (Table table : Table.values()) {
                if (table.journaled()) {
                    readAll(table, read);
                }
            }
        }
    }

    private void readAll(Table table, ReadOptions read) throws RocksDBException {
        try (RocksIterator iterator = iterator(table, read)) {
            iterator.seekToFirst();
            while (iterator.isValid()) {
                iterator.next();
            }
            iterator.status();
        }
    }

    boolean holds(Table table) throws RocksDBException {
        try (ReadOptions read = new ReadOptions();
                RocksIterator iterator = iterator(table, read)) {
            iterator.seekToFirst();
            boolean found = iterator.isValid();
            iterator.status();
            return found;
        }
    }

    /** The next {@link #open} makes an empty one. */
    void dropMirror() throws RocksDBException {
        database.dropColumnFamily(handle(Table.MIRROR));
    }

    long estimatedEntries(Table table) throws RocksDBException {
        return database.getLongProperty(handle(table), "rocksdb.estimate-num-keys");
    }

    private ColumnFamilyHandle handle(Table table) {
        return Objects.requireNonNull(byTable.get(table));
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        database.close();
        options.close();
    }
}
