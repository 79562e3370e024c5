package io.tarn.master.state;

import org.jspecify.annotations.Nullable;

/** Reads of one consistent state. Keys are ordered by unsigned bytes within their table. Byte arrays must not be modified by anyone. */
public interface StateReader {
    /** The value of a key, or null. */
    byte @Nullable [] get(Table table, byte[] key);

    /**
     * Entries whose key starts with {@code prefix} and is greater than {@code after} (null: from the start of the prefix), in order. Close it.
     */
    Cursor scan(Table table, byte[] prefix, byte @Nullable [] after);

    /** Walks entries in key order: {@code while (cursor.next()) ...}. Used by one thread. */
    interface Cursor extends AutoCloseable {
        /** Moves to the next entry; false at the end. */
        boolean next();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
