package io.tarn.master.state.rocks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tarn.master.state.Changes;
import io.tarn.master.state.Table;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the tables that every path look-up reads, in heap, bounded by bytes. Coherent with the database because it is filled only while commits are
 * held up, and changed by each commit before anybody can read again. Thread-safe within that rule.
 */
final class HotEntries {
    private static final Set<Table> TABLES = EnumSet.of(Table.INODE, Table.EDGE);
    private static final int OVERHEAD_BYTES = 120;

    private final Cache<Key, byte[]> entries;

    HotEntries(long maxBytes) {
        entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .<Key, byte[]>weigher((key, value) -> key.bytes.length + value.length + OVERHEAD_BYTES)
                .build();
    }

    boolean holds(Table table) {
        return TABLES.contains(table);
    }

    byte @Nullable [] get(Table table, byte[] key) {
        return entries.getIfPresent(new Key(table, key));
    }

    void put(Table table, byte[] key, byte[] value) {
        entries.put(new Key(table, key), value);
    }

    void apply(Changes changes) {
        for (Table table : TABLES) {
            NavigableMap<byte[], byte @Nullable []> changed = changes.tables().get(table);
            if (changed == null) {
                continue;
            }
            for (Map.Entry<byte[], byte @Nullable []> entry : changed.entrySet()) {
                byte[] value = entry.getValue();
                if (value == null) {
                    entries.invalidate(new Key(table, entry.getKey()));
                } else {
                    put(table, entry.getKey(), value);
                }
            }
        }
    }

    private static final class Key {
        private final Table table;
        private final byte[] bytes;
        private final int hash;

        Key(Table table, byte[] bytes) {
            this.table = table;
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes) * 31 + table.ordinal();
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && table == key.table && Arrays.equals(bytes, key.bytes);
        }
    }
}
