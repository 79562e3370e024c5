package io.tarn.master.state;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one table in memory. While a cursor is open the entries are frozen and a change works on a copy, which is what gives cursors the state at
 * the time of their scan. Guarded by the lock of its store, but for {@link Cursor}s, which need no lock.
 */
final class InMemoryTable {
    private NavigableMap<byte[], byte[]> entries;
    private AtomicInteger cursors = new AtomicInteger();

    InMemoryTable() {
        this.entries = new TreeMap<>(Arrays::compareUnsigned);
    }

    private InMemoryTable(NavigableMap<byte[], byte[]> entries) {
        this.entries = entries;
    }

    InMemoryTable copy() {
        return new InMemoryTable(new TreeMap<>(entries));
    }

    byte @Nullable [] get(byte[] key) {
        return entries.get(key);
    }

    int size() {
        return entries.size();
    }

    void apply(NavigableMap<byte[], byte @Nullable []> changes) {
        if (cursors.get() > 0) {
            entries = new TreeMap<>(entries);
            cursors = new AtomicInteger();
        }
        changes.forEach((key, value) -> {
            if (value == null) {
                entries.remove(key);
            } else {
                entries.put(key, value);
            }
        });
    }

    void put(byte[] key, byte[] value) {
        entries.put(key, value);
    }

    StateReader.Cursor scan(KeyRange range) {
        cursors.incrementAndGet();
        return new Cursor(entries.tailMap(range.start(), true).entrySet().iterator(), range, cursors);
    }

    private static final class Cursor implements StateReader.Cursor {
        private final Iterator<Map.Entry<byte[], byte[]>> iterator;
        private final KeyRange range;
        private final AtomicInteger open;
        private Map.@Nullable Entry<byte[], byte[]> entry;
        private boolean closed;

        Cursor(Iterator<Map.Entry<byte[], byte[]>> iterator, KeyRange range, AtomicInteger open) {
            this.iterator = iterator;
            this.range = range;
            this.open = open;
        }

        @Override
        public boolean next() {
            if (closed) {
                throw new IllegalStateException("the cursor is closed");
            }
            entry = iterator.hasNext() ? iterator.next() : null;
            if (entry != null && !range.contains(entry.getKey())) {
                entry = null;
            }
            return entry != null;
        }

        @Override
        public byte[] key() {
            return Objects.requireNonNull(entry, "next() has not returned true").getKey();
        }

        @Override
        public byte[] value() {
            return Objects.requireNonNull(entry, "next() has not returned true").getValue();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open.decrementAndGet();
            }
        }
    }
}
