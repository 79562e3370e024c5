package io.tarn.master.state.rocks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tarn.master.state.Changes;
import io.tarn.master.state.Table;
import java.util.EnumSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the tables that every look-up and change of a path reads, and the absence of entries, in heap, bounded by bytes. Coherent with the database
 * because it is filled only while commits are held up, and changed by each commit before anybody can read again. Thread-safe within that rule.
 */
final class HotEntries {
    /** The value of what does not exist: never a real one, which are not empty in these tables. */
    static final byte[] ABSENT = {};

    private static final Set<Table> TABLES =
            EnumSet.of(Table.META, Table.INODE, Table.EDGE, Table.PENDING, Table.QUOTA, Table.USAGE);
    private static final int OVERHEAD_BYTES = 120;
    /** What is hot is read often: to note one read of so many is enough to keep it, and far cheaper. */
    private static final int READS_PER_NOTE = 8;

    private final Cache<HotKey, byte[]> entries;
    private final Reads reads = new Reads();

    /** Roughly: threads may overwrite each other's count, which changes nothing but the share of reads that are noted. */
    private static final class Reads {
        private int count;
    }

    HotEntries(long maxBytes) {
        entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .executor(Runnable::run)
                .<HotKey, byte[]>weigher((key, value) -> key.lengthBytes() + value.length + OVERHEAD_BYTES)
                .build();
    }

    boolean holds(Table table) {
        return TABLES.contains(table);
    }

    /** The value, {@link #ABSENT}, or null where it is not known. */
    byte @Nullable [] get(Table table, byte[] key) {
        HotKey hot = new HotKey(table, key);
        return reads.count++ % READS_PER_NOTE == 0
                ? entries.getIfPresent(hot)
                : entries.policy().getIfPresentQuietly(hot);
    }

    void put(Table table, byte[] key, byte[] value) {
        entries.put(new HotKey(table, key), value);
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
                    entries.invalidate(new HotKey(table, entry.getKey()));
                } else {
                    put(table, entry.getKey(), value);
                }
            }
        }
    }
}
