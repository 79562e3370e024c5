package io.tarn.master.state;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of puts and deletes, the last one of each key; not thread-safe. */
public final class Changes {
    private final Map<Table, NavigableMap<byte[], byte @Nullable []>> tables = new EnumMap<>(Table.class);

    public void put(Table table, byte[] key, byte[] value) {
        table(table).put(key, value);
    }

    public void delete(Table table, byte[] key) {
        table(table).put(key, null);
    }

    public boolean isEmpty() {
        return tables.isEmpty();
    }

    /** The changed keys of a table in order; a null value means deleted. */
    public NavigableMap<byte[], byte @Nullable []> table(Table table) {
        return tables.computeIfAbsent(table, t -> new TreeMap<>(Arrays::compareUnsigned));
    }

    /** Adds later changes: they win over those here. */
    public void putAll(Changes later) {
        later.tables.forEach((table, entries) -> table(table).putAll(entries));
    }

    public Map<Table, NavigableMap<byte[], byte @Nullable []>> tables() {
        return tables;
    }
}
