package io.tarn.master.state.rocks;

import io.tarn.master.state.KeyRange;
import io.tarn.master.state.StateReader;
import io.tarn.master.state.Table;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * A scan of the state at the time when it began. Reads ahead in growing steps, so that short scans stay cheap and long ones rarely take the store's lock.
 * For one thread; the store closes it when it is itself closed.
 */
final class RocksCursor implements StateReader.Cursor {
    private static final int FIRST_STEP_ENTRIES = 8;
    private static final int MAX_STEP_ENTRIES = 256;
    private static final long MAX_STEP_BYTES = 256 << 10;

    private final RocksStateStore store;
    private final KeyRange range;
    private final ReadOptions read;
    private final @Nullable Slice end;
    private final RocksIterator iterator;
    private final Deque<Entry> ahead = new ArrayDeque<>(FIRST_STEP_ENTRIES);
    private int stepEntries = FIRST_STEP_ENTRIES;
    private @Nullable Entry current;
    private boolean nativeClosed;

    private record Entry(byte[] key, byte[] value) {}

    /** Called with the store's read lock held. */
    RocksCursor(RocksStateStore store, RocksDatabase database, Table table, KeyRange range) {
        this.store = store;
        this.range = range;
        byte[] endKey = range.end();
        this.end = endKey == null ? null : new Slice(endKey);
        this.read = new ReadOptions();
        if (end != null) {
            read.setIterateUpperBound(end);
        }
        this.iterator = database.iterator(table, read);
        iterator.seek(range.start());
    }

    @Override
    public boolean next() {
        if (ahead.isEmpty()) {
            store.readAhead(this);
        }
        current = ahead.pollFirst();
        return current != null;
    }

    /** Called with the store's read lock held, while the store is open. */
    void readAhead() throws RocksDBException {
        if (nativeClosed) {
            throw new IllegalStateException("the cursor is closed");
        }
        long bytes = 0;
        for (int count = 0; count < stepEntries && bytes < MAX_STEP_BYTES && iterator.isValid(); count++) {
            byte[] key = iterator.key();
            if (!range.contains(key)) {
                break;
            }
            byte[] value = iterator.value();
            ahead.addLast(new Entry(key, value));
            bytes += key.length + value.length;
            iterator.next();
        }
        if (!iterator.isValid()) {
            iterator.status();
        }
        stepEntries = Math.min(stepEntries * 2, MAX_STEP_ENTRIES);
    }

    @Override
    public byte[] key() {
        return Objects.requireNonNull(current, "next() has not returned true").key();
    }

    @Override
    public byte[] value() {
        return Objects.requireNonNull(current, "next() has not returned true").value();
    }

    @Override
    public void close() {
        store.release(this);
    }

    /** Called with a lock of the store held: the read lock by the cursor's thread, or the write lock by the store. */
    void closeNative() {
        if (!nativeClosed) {
            nativeClosed = true;
            iterator.close();
            read.close();
            if (end != null) {
                end.close();
            }
        }
    }
}
